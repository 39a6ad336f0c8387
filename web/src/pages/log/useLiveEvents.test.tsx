/** Requests that come while the log is read: on top where the reader stands there, waiting where they do not. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import type { ReactNode } from "react";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { newestEventsQuery } from "../../api/log";
import type { SyncEventSummary } from "../../api/types";
import { useLiveEvents } from "./useLiveEvents";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const search = {};

const event = (n: number): SyncEventSummary => ({
  id: `e${n}`,
  at: "2026-05-12T12:00:00.000000Z",
  outcome: "accepted",
  status: 200,
  method: "GET",
  path: "/Users",
  sentence: "Looked up",
  durationMs: 3,
  repairs: 0,
});

/** The log of a tenant to which so many requests came, read by somebody who holds the list or does not. */
async function reading(hold: boolean) {
  let came = 3;
  server.use(
    http.get(`${window.location.origin}/api/v1/tenants/acme/sync-events`, () =>
      HttpResponse.json({ items: Array.from({ length: Math.min(came, 100) }, (_, at) => event(came - at)) }),
    ),
  );
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const { result, rerender, unmount } = renderHook(
    (props: { hold: boolean; paused: boolean }) => useLiveEvents("acme", search, props),
    { wrapper, initialProps: { hold, paused: false } },
  );
  await waitFor(() => expect(result.current.rows).toHaveLength(3));
  const come = async (more: number) => {
    came += more;
    await act(() => queries.refetchQueries({ queryKey: newestEventsQuery("acme", search).queryKey }));
  };
  return { result, rerender, come, unmount };
}

it("stand on top at once while nothing holds the list", async () => {
  const { result, come } = await reading(false);
  await come(12);
  await waitFor(() => expect(result.current.rows).toHaveLength(15));
  expect(result.current.rows[0]?.id).toBe("e15");
  expect(result.current.waiting).toBe(0);
});

it("wait, counted, while a request is open or the list is scrolled, and come when they are taken", async () => {
  const { result, come } = await reading(true);
  await come(12);
  await waitFor(() => expect(result.current.waiting).toBe(12));
  expect(result.current.rows.map(({ id }) => id)).toEqual(["e3", "e2", "e1"]);
  await come(1);
  await waitFor(() => expect(result.current.waiting).toBe(13));
  act(() => result.current.take());
  await waitFor(() => expect(result.current.waiting).toBe(0));
  expect(result.current.rows.map(({ id }) => id).slice(0, 3)).toEqual(["e16", "e15", "e14"]);
  expect(new Set(result.current.rows.map(({ id }) => id)).size).toBe(16);
});

it("come by themselves once nothing holds the list any more", async () => {
  const { result, rerender, come } = await reading(true);
  await come(2);
  await waitFor(() => expect(result.current.waiting).toBe(2));
  rerender({ hold: false, paused: false });
  await waitFor(() => expect(result.current.rows).toHaveLength(5));
  expect(result.current.waiting).toBe(0);
});

it("are more than are counted where more came than one look shows, and the list then begins anew", async () => {
  const { result, come } = await reading(true);
  await come(250);
  await waitFor(() => expect(result.current.waiting).toBe(100));
  expect(result.current.gap).toBe(true);
  act(() => result.current.take());
  await waitFor(() => expect(result.current.rows).toHaveLength(100));
  expect(result.current.rows[0]?.id).toBe("e253");
});

it("are not looked for while the log is paused", async () => {
  const { result, rerender, come } = await reading(true);
  rerender({ hold: true, paused: true });
  await come(4);
  expect(result.current.waiting).toBe(0);
  expect(result.current.rows).toHaveLength(3);
});
