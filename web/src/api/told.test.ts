import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { setTold } from "./told";

it("asks again where an answer is under way that may be older than what was told", async () => {
  const queries = new QueryClient();
  const queryKey = ["health", "acme"];
  const answers = ["older", "newer"];
  const given: (() => void)[] = [];
  const queryFn = vi.fn(() => {
    const answer = answers[given.length];
    return new Promise((give) => given.push(() => give(answer)));
  });
  const leave = new QueryObserver(queries, { queryKey, queryFn }).subscribe(() => undefined);
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(1));
  setTold(queries, queryKey, "told");
  expect(queries.getQueryData(queryKey)).toBe("told");
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  given[0]?.();
  await Promise.resolve();
  expect(queries.getQueryData(queryKey)).toBe("told");
  given[1]?.();
  await vi.waitFor(() => expect(queries.getQueryData(queryKey)).toBe("newer"));
  leave();
});
