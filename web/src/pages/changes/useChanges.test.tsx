import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { ChangesSearch } from "../../routes";
import { REACH, useChanges } from "./useChanges";

afterEach(() => vi.unstubAllGlobals());

const PAGE = 200;
/** How many changes one call looks through under a type or a kind. */
const SPAN = 5_000;

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

const change = (seq: number) => ({
  seq,
  type: seq % 10_000 === 0 ? "user.deleted" : "user.updated",
  resourceType: "User",
  resourceId: `u${seq}`,
});

/** A tenant with so many changes, every ten thousandth of them a deletion. */
function feed(count: number) {
  const state = { count, calls: 0 };
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", async (request: Request) => {
    state.calls += 1;
    const asked = new URL(request.url).searchParams;
    const [type, of] = [asked.get("type"), asked.get("resourceType")];
    const through = Math.min(Number(asked.get("after") ?? state.count + 1) - 1, state.count);
    const from = type === null && of === null ? 1 : Math.max(1, through - SPAN + 1);
    const found: ReturnType<typeof change>[] = [];
    for (let seq = through; seq >= from && found.length <= PAGE; seq -= 1) {
      const one = change(seq);
      if ((type === null || one.type === type) && (of === null || one.resourceType === of)) found.push(one);
    }
    const items = found.slice(0, PAGE);
    const end = found.length > PAGE ? items.at(-1)?.seq : from;
    return Response.json({ items, through, ...(end !== undefined && end > 1 ? { next: end } : {}) });
  });
  return state;
}

/** The list, and all that it has been. */
function follow(search: ChangesSearch, hold = false) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const been: ReturnType<typeof useChanges>[] = [];
  const list = ({ search, hold }: { search: ChangesSearch; hold: boolean }) => {
    const changes = useChanges("acme", search, hold);
    been.push(changes);
    return changes;
  };
  return { ...renderHook(list, { wrapper, initialProps: { search, hold } }), been };
}

const told = () => act(() => Stream.last?.onmessage?.({ data: "{}" }));
const numbers = (rows: { seq: number }[]) => rows.map(({ seq }) => seq);

it("what comes is on top at once, and waits while the reader holds the list", async () => {
  const state = feed(3);
  const { result, rerender } = follow({});
  await waitFor(() => expect(result.current.rows).toHaveLength(3));
  expect(Stream.last?.url).toBe("/api/v1/tenants/acme/changes/stream");
  state.count = 4;
  told();
  await waitFor(() => expect(result.current.rows[0]?.seq).toBe(4));

  rerender({ search: {}, hold: true });
  state.count = 6;
  told();
  await waitFor(() => expect(result.current.waiting).toBe(2));
  expect(result.current.rows[0]?.seq).toBe(4);
  act(() => result.current.take());
  await waitFor(() => expect(numbers(result.current.rows)).toEqual([6, 5, 4, 3, 2, 1]));
  expect(result.current.waiting).toBe(0);
});

it("what does not pass the filter waits for nobody", async () => {
  const state = feed(10_000);
  const { result } = follow({ type: "user.deleted" }, true);
  await waitFor(() => expect(numbers(result.current.rows)).toEqual([10_000]));
  await waitFor(() => expect(result.current.looked).toBe(10_000));
  state.count = 10_005;
  told();
  await waitFor(() => expect(result.current.looked).toBe(10_005));
  expect(result.current.waiting).toBe(0);
  expect(numbers(result.current.rows)).toEqual([10_000]);
});

it("what comes under a filter waits until it is taken, and is read anew when too much came", async () => {
  const state = feed(19_990);
  const { result } = follow({ type: "user.deleted" }, true);
  await waitFor(() => expect(result.current.looked).toBe(19_990));
  state.count = 20_001;
  told();
  await waitFor(() => expect(result.current.waiting).toBe(1));
  expect(result.current.gap).toBe(false);
  act(() => result.current.take());
  await waitFor(() => expect(numbers(result.current.rows)).toEqual([20_000, 10_000]));

  // More than the newest ones tell of, and one that passes among those that they do not.
  state.count = 30_300;
  told();
  await waitFor(() => expect(numbers(result.current.rows)).toEqual([30_000, 20_000, 10_000]));
  await waitFor(() => expect(result.current.looked).toBe(30_300));
});

it("under a filter it looks through many changes by itself, and further when it is asked to", async () => {
  const state = feed(120_000);
  const { result } = follow({ type: "user.deleted" });
  await waitFor(() => expect(result.current.lookFurther).toBeDefined());
  expect(result.current.looked).toBe(REACH);
  expect(result.current.more).toBe(false);
  expect(numbers(result.current.rows)).toEqual([120_000, 110_000, 100_000, 90_000, 80_000]);
  // The pages, and the newest ones once.
  expect(state.calls).toBeLessThanOrEqual(REACH / SPAN + 2);
  act(() => result.current.lookFurther?.());
  await waitFor(() => expect(result.current.looked).toBe(2 * REACH));
  await waitFor(() => expect(result.current.lookFurther).toBeDefined());
  expect(result.current.rows).toHaveLength(10);
});

it("it says that it searches while nothing is found, and stops at the end", async () => {
  feed(12_000);
  const { result, been } = follow({ type: "group.deleted" });
  await waitFor(() => expect(result.current.looked).toBe(12_000));
  await waitFor(() => expect(result.current.searching).toBe(false));
  expect(result.current.lookFurther).toBeUndefined();
  expect(result.current.rows).toEqual([]);
  // Pages without a change that are not the last one never looked like the end.
  const early = been.filter(({ looked }) => looked > 0 && looked < 12_000);
  expect(early).not.toHaveLength(0);
  expect(early.every(({ searching }) => searching)).toBe(true);
});

it("a changed filter is asked of the API", async () => {
  feed(12_000);
  const { result, rerender } = follow({ type: "group.deleted" });
  await waitFor(() => expect(result.current.looked).toBe(12_000));
  rerender({ search: { of: "User" }, hold: false });
  // It is not said that there is nothing before the answer is there.
  expect(result.current.searching).toBe(true);
  await waitFor(() => expect(result.current.rows).toHaveLength(PAGE));
  rerender({ search: { of: "Group" }, hold: false });
  await waitFor(() => expect(result.current.rows).toEqual([]));
  await waitFor(() => expect(result.current.looked).toBe(12_000));
});
