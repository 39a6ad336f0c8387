/** What happened to somebody, by an id or by any name. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

const PAGE = 50;
const AGAIN = 10_000;

/** The story of a name, newest first; `reads` tells reads and look-ups that found somebody as well. */
export const timelineQuery = (tenant: string, of: string, reads: boolean) =>
  infiniteQueryOptions({
    queryKey: ["timeline", tenant, of, reads],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/timeline", {
          params: { path: { tenant }, query: { of, ...(reads ? { reads } : {}), after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Who has read on into the past waits for nothing new.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : AGAIN),
  });
