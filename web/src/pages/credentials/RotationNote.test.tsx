import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { rotationQuery } from "../../api/credentials";
import type { Credential, Rotation } from "../../api/types";
import { draw } from "../../test/draw";
import { RotationNote } from "./RotationNote";

const before = { id: "old", name: "Prod", startsWith: "dsk_7Kq2" } as Credential;
const waiting: Rotation = {
  credentialId: "old",
  successorId: "new",
  requests: 0,
  successorRequests: 0,
  successorRequestsInAll: 0,
  moved: false,
};

function drawNote(rotation: Rotation, mayWrite = true) {
  const onRevoke = vi.fn();
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  queries.setQueryData(rotationQuery("acme", "old").queryKey, rotation);
  const drawn = draw(
    <QueryClientProvider client={queries}>
      <RotationNote tenant="acme" before={before} mayWrite={mayWrite} onRevoke={onRevoke} />
    </QueryClientProvider>,
  );
  return { ...drawn, onRevoke };
}

it("offers revoking only aside, with what it does, until the traffic has moved", async () => {
  const some = { ...waiting, requests: 4, successorRequestsInAll: 3, lastRequestAt: "2026-05-12T12:00:00Z" };
  const { user, onRevoke } = drawNote(some);
  expect(
    screen.getByText("3 of 7 requests since the new token was issued used it; the last one did not."),
  ).toBeInTheDocument();
  const buttons = screen.getAllByRole("button");
  expect(buttons).toHaveLength(1);
  const [early] = buttons as [HTMLElement];
  expect(early).toHaveTextContent("Revoke the old token anyway");
  expect(early).toHaveAttribute("data-variant", "quiet");
  expect(early).toHaveAccessibleDescription(/refused from its next request on, and nothing more arrives/);
  await user.click(early);
  expect(onRevoke).toHaveBeenCalledExactlyOnceWith(before);
});

it("says that nothing has come yet", () => {
  drawNote(waiting);
  expect(screen.getByText("No request since the new token was issued.")).toBeInTheDocument();
  expect(screen.getByText(/No request with the old token dsk_7Kq2…/)).toBeInTheDocument();
});

it("makes revoking the main act once all traffic has moved", async () => {
  const moved = { ...waiting, requests: 4, successorRequests: 2, successorRequestsInAll: 5, moved: true };
  const { user, onRevoke } = drawNote(moved);
  expect(screen.getByText("All 2 requests since the last old one use the new token.")).toBeInTheDocument();
  const revoke = screen.getByRole("button", { name: "Revoke the old token" });
  expect(revoke).toHaveAttribute("data-variant", "primary");
  expect(screen.getAllByRole("button")).toHaveLength(1);
  await user.click(revoke);
  expect(onRevoke).toHaveBeenCalledExactlyOnceWith(before);
});

it("offers nothing to who may only look", () => {
  drawNote(waiting, false);
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
