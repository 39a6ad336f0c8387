import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

type Page<T> = { items: T[]; total?: number };

/** An infinite query as one flat list, as `VirtualTable` wants it. */
export function useList<T>(query: UseInfiniteQueryResult<InfiniteData<Page<T>>>) {
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const onEnd = useCallback(() => {
    // After a failed page the reader asks again; asking at every scroll would only add to the trouble.
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return { rows, total: pages?.[0]?.total, more: hasNextPage, onEnd };
}
