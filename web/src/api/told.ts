import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Puts what a stream told in the place of what was asked for. */
export function setTold(queries: QueryClient, queryKey: QueryKey, told: unknown) {
  queries.setQueryData(queryKey, told);
  // An answer that is under way may be older than the message.
  const filter = { queryKey, exact: true };
  if (queries.isFetching(filter) > 0) void queries.invalidateQueries(filter);
}
