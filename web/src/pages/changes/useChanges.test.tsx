import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { ChangesSearch } from "../../routes";
import { REACH, useChanges } from "./useChanges";

afterEach(() => vi.unstubAllGlobals());

const PAGE = 200;

/** A stream that the test speaks through. */
class Stream {
  static last: Stream | undefined;
  onopen?: () => void;
  onmessage?: (message: { data: string }) => void;
  constructor(readonly url: string) {
    Stream.last = this;
    queueMicrotask(() => this.onopen?.());
  }
  close() {}
}

/** A tenant with so many changes, every thousandth of them a deletion. */
function feed(count: number) {
  const state = { count, calls: 0 };
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", async (request: Request) => {
    state.calls += 1;
    const after = Number(new URL(request.url).searchParams.get("after") ?? state.count + 1);
    const numbers = Array.from({ length: PAGE }, (_, at) => after - 1 - at).filter((seq) => seq > 0);
    const items = numbers.map((seq) => ({
      seq,
      type: seq % 1_000 === 0 ? "user.deleted" : "user.updated",
      resourceType: "User",
      resourceId: `u${seq}`,
    }));
    const last = numbers.at(-1);
    return Response.json({ items, ...(last !== undefined && last > 1 ? { next: last } : {}) });
  });
  return state;
}

function follow(search: ChangesSearch, hold = false) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  return renderHook(({ hold }) => useChanges("acme", search, hold), { wrapper, initialProps: { hold } });
}

const told = () => act(() => Stream.last?.onmessage?.({ data: "{}" }));

it("what comes is on top at once, and waits while the reader holds the list", async () => {
  const state = feed(3);
  const { result, rerender } = follow({});
  await waitFor(() => expect(result.current.rows).toHaveLength(3));
  expect(Stream.last?.url).toBe("/api/v1/tenants/acme/changes/stream");
  state.count = 4;
  told();
  await waitFor(() => expect(result.current.rows[0]?.seq).toBe(4));

  rerender({ hold: true });
  state.count = 6;
  told();
  await waitFor(() => expect(result.current.waiting).toBe(2));
  expect(result.current.rows[0]?.seq).toBe(4);
  act(() => result.current.take());
  await waitFor(() => expect(result.current.rows.map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1]));
  expect(result.current.waiting).toBe(0);
});

it("what does not pass the filter waits for nobody", async () => {
  const state = feed(1_000);
  const { result } = follow({ type: "user.deleted" }, true);
  await waitFor(() => expect(result.current.rows.map(({ seq }) => seq)).toEqual([1_000]));
  state.count = 1_005;
  told();
  await waitFor(() => expect(result.current.looked).toBe(1_005));
  expect(result.current.waiting).toBe(0);
});

it("under a filter it looks through a few thousand changes by itself, and further when it is asked to", async () => {
  const state = feed(10_000);
  const { result } = follow({ type: "user.deleted" });
  await waitFor(() => expect(result.current.lookFurther).toBeDefined());
  expect(result.current.looked).toBe(REACH);
  expect(result.current.more).toBe(false);
  expect(result.current.rows.map(({ seq }) => seq)).toEqual([10_000, 9_000]);
  // The pages, and the newest ones once.
  const calls = state.calls;
  expect(calls).toBeLessThanOrEqual(REACH / PAGE + 2);
  act(() => result.current.lookFurther?.());
  await waitFor(() => expect(result.current.looked).toBe(2 * REACH));
  await waitFor(() => expect(result.current.lookFurther).toBeDefined());
  expect(result.current.rows).toHaveLength(4);
});

it("it says that it searches while nothing is found, and stops at the end", async () => {
  feed(900);
  const { result } = follow({ type: "group.deleted" });
  await waitFor(() => expect(result.current.looked).toBe(900));
  await waitFor(() => expect(result.current.searching).toBe(false));
  expect(result.current.lookFurther).toBeUndefined();
  expect(result.current.rows).toEqual([]);
});
