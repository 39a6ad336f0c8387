import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
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

afterEach(() => {
  vi.restoreAllMocks();
});

function drawNote(rotation: Rotation, mayWrite = true, one: Credential = before) {
  const onRevoke = vi.fn();
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  queries.setQueryData(rotationQuery("acme", "old").queryKey, rotation);
  const drawn = draw(
    <QueryClientProvider client={queries}>
      <RotationNote tenant="acme" before={one} mayWrite={mayWrite} onRevoke={onRevoke} />
    </QueryClientProvider>,
  );
  return { ...drawn, onRevoke };
}

it("keeps revoking in a menu until the traffic has moved", async () => {
  const some = { ...waiting, requests: 4, successorRequestsInAll: 3, lastRequestAt: "2026-05-12T12:00:00Z" };
  const { user, onRevoke } = drawNote(some);
  expect(
    screen.getByText("3 of 7 requests since the new token was issued used it; the last one did not."),
  ).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Revoke the old token/ })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "More about the rotation of “Prod”" }));
  await user.click(await screen.findByRole("menuitem", { name: "Revoke the old token anyway" }));
  expect(onRevoke).toHaveBeenCalledExactlyOnceWith(before);
});

it("says that nothing has come yet", () => {
  drawNote(waiting);
  expect(screen.getByText("No request since the new token was issued.")).toBeInTheDocument();
  expect(screen.getByText(/No request with the old token dsk_7Kq2…/)).toBeInTheDocument();
});

it("makes revoking the main act once all traffic has moved", async () => {
  const since = new Date();
  since.setHours(0, 0, 0, 0);
  const moved = { ...waiting, requests: 4, successorRequests: 2, successorRequestsInAll: 5, moved: true };
  const { user, onRevoke } = drawNote({ ...moved, since: since.toISOString() });
  expect(screen.getByText("2 of 2 requests since 00:00 use the new token.")).toBeInTheDocument();
  const revoke = screen.getByRole("button", { name: "Revoke the old token" });
  expect(revoke).toHaveAttribute("data-variant", "primary");
  expect(screen.queryByRole("button", { name: /More about/ })).not.toBeInTheDocument();
  await user.click(revoke);
  expect(onRevoke).toHaveBeenCalledExactlyOnceWith(before);
});

it("says with its day from when on the traffic had moved, when that was not today", () => {
  const since = new Date(2026, 0, 12, 14, 10).toISOString();
  drawNote({ ...waiting, successorRequests: 1, successorRequestsInAll: 1, moved: true, since });
  expect(screen.getByText("1 of 1 request since 12 Jan 2026, 14:10 uses the new token.")).toBeInTheDocument();
});

it("offers nothing to who may only look", () => {
  drawNote(waiting, false);
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

it("leaves the old token to go by itself, and calls that off", async () => {
  const sent: [string, string, unknown][] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => {
    const request = given as Request;
    sent.push([request.method, new URL(request.url).pathname, await request.json()]);
    return new Response(JSON.stringify(before), { status: 200, headers: { "content-type": "application/json" } });
  });
  const path = "/api/v1/tenants/acme/credentials/old/when-quiet";
  const first = drawNote(waiting);
  const plan = screen.getByRole("button", { name: "Revoke it by itself once quiet for 24 h" });
  expect(plan).toHaveAccessibleDescription(/no request has come with it for that long and the new token is in use/);
  await first.user.click(plan);
  expect(sent).toEqual([["PUT", path, { hours: 24 }]]);
  first.unmount();
  const whenQuiet = {
    hours: 24,
    by: "ada@acme.test",
    since: "2026-05-12T12:00:00Z",
    notBefore: "2026-05-13T12:00:00Z",
  };
  const { user } = drawNote(waiting, true, { ...before, whenQuiet });
  expect(screen.getByText(/quiet for 24 h and the new one is in use, as ada@acme.test wanted/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Call it off" }));
  expect(sent).toEqual([
    ["PUT", path, { hours: 24 }],
    ["PUT", path, {}],
  ]);
});

it("says to who may only look that it goes by itself", () => {
  const whenQuiet = {
    hours: 24,
    by: "ada@acme.test",
    since: "2026-05-12T12:00:00Z",
    notBefore: "2026-05-13T12:00:00Z",
  };
  drawNote(waiting, false, { ...before, whenQuiet });
  expect(screen.getByText(/as ada@acme.test wanted/)).toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
