import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { rotationQuery } from "../../api/credentials";
import type { Credential, Rotation } from "../../api/types";
import { draw } from "../../test/draw";
import { RevokeDialog } from "./RevokeDialog";

const credential = { id: "old", name: "Prod", startsWith: "dsk_7Kq2", kind: "bearer_token" } as Credential;
const moving: Rotation = {
  credentialId: "old",
  successorId: "new",
  requests: 4,
  successorRequests: 0,
  successorRequestsInAll: 3,
  moved: false,
};

function ask(rotation: Rotation) {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  queries.setQueryData(rotationQuery("acme", "old").queryKey, rotation);
  return draw(
    <QueryClientProvider client={queries}>
      <RevokeDialog tenant="acme" credential={credential} onClose={vi.fn()} onRevoked={vi.fn()} />
    </QueryClientProvider>,
  );
}

it("says how many requests still come with a token whose successor is not in use yet", () => {
  ask(moving);
  expect(
    screen.getByText(/4 of 7 requests since the new token was issued still came with this one, the last of them too/),
  ).toHaveTextContent(/refused from its next request on, and nothing more arrives/);
});

it("says that nothing has come since the new token was issued", () => {
  ask({ ...moving, requests: 0, successorRequestsInAll: 0 });
  expect(screen.getByText(/No request has come since the new token was issued/)).toBeInTheDocument();
});

it("says nothing of a rotation that is over, or of none", () => {
  const drawn = ask({ ...moving, successorRequests: 3, moved: true });
  expect(screen.queryByText(/still came with this one/)).not.toBeInTheDocument();
  drawn.unmount();
  const { successorId: _, ...none } = moving;
  ask(none);
  expect(screen.getByText(/Requests with this token are refused at once/)).toBeInTheDocument();
  expect(screen.queryByText(/still came with this one/)).not.toBeInTheDocument();
});
