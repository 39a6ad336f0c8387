/** Requests to tenants that do not exist, which only operators read. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";

const PAGE = 50;

export const unknownTenantsQuery = infiniteQueryOptions({
  queryKey: ["unknownTenants"],
  queryFn: ({ pageParam, signal }) =>
    answer(client.GET("/system/sync-events", { params: { query: { after: pageParam, limit: PAGE } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});
