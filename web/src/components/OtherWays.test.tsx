import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { signInOptionsQuery } from "../api/session";
import type { SignInOptions } from "../api/types";
import { draw } from "../test/draw";
import { OtherWays } from "./OtherWays";

function drawWith(options: SignInOptions) {
  const queries = new QueryClient();
  queries.setQueryData(signInOptionsQuery.queryKey, options);
  return draw(
    <QueryClientProvider client={queries}>
      <OtherWays onSignedIn={vi.fn()} />
    </QueryClientProvider>,
  );
}

it("offers nothing where the service has nothing but passwords", () => {
  const { container } = drawWith({ mail: true, passkeys: false });
  expect(container).toBeEmptyDOMElement();
});

it("leads to the provider by a plain link that names it", () => {
  drawWith({ mail: false, passkeys: false, provider: { name: "Acme Login" } });
  const link = screen.getByRole("link", { name: "Sign in with Acme Login" });
  expect(link).toHaveAttribute("href", "/api/v1/sign-in/provider");
});

it("offers no passkey in a browser that knows none", () => {
  const { container } = drawWith({ mail: true, passkeys: true });
  expect(container).toBeEmptyDOMElement();
});
