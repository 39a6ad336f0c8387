import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { signInOptionsQuery } from "../api/session";
import type { SignInOptions } from "../api/types";
import { draw } from "../test/draw";
import { OtherWays } from "./OtherWays";

function drawWith(options: SignInOptions, way: { next?: string; anew?: boolean } = {}) {
  const queries = new QueryClient();
  queries.setQueryData(signInOptionsQuery.queryKey, options);
  return draw(
    <QueryClientProvider client={queries}>
      <OtherWays onSignedIn={vi.fn()} {...way} />
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

it("comes back from the provider to the page where one was, proved anew where the last time is too old", () => {
  const options = { mail: false, passkeys: false, provider: { name: "Acme Login" } };
  drawWith(options, { next: "/t/acme/log?q=Zoë&tab=event", anew: true });
  const href = screen.getByRole("link", { name: "Sign in with Acme Login" }).getAttribute("href");
  const asked = new URL(href ?? "", window.location.origin);
  expect(asked.pathname).toBe("/api/v1/sign-in/provider");
  expect(Object.fromEntries(asked.searchParams)).toEqual({ anew: "true", next: "/t/acme/log?q=Zo%C3%AB&tab=event" });
});

it("signs in at the provider from whatever page one was on", () => {
  const options = { mail: false, passkeys: false, provider: { name: "Acme Login" } };
  const asked = (next: string) => {
    const { unmount } = drawWith(options, { next });
    const href = screen.getByRole("link", { name: "Sign in with Acme Login" }).getAttribute("href");
    unmount();
    return new URL(href ?? "", window.location.origin).searchParams.get("next");
  };
  expect(asked("/t/acme/log?q=a\\b")).toBe("/t/acme/log?q=a%5Cb");
  expect(asked(`/t/acme/log?q=${"x".repeat(2000)}`)).toBeNull();
  expect(asked("/t/acme//log")).toBeNull();
});

it("offers no passkey in a browser that knows none", () => {
  const { container } = drawWith({ mail: true, passkeys: true });
  expect(container).toBeEmptyDOMElement();
});
