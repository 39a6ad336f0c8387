/** The changes of a tenant, newest first, and how far whoever follows them is. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ChangesSearch } from "../routes";
import { answer, client } from "./client";
import type { Acknowledgements, Change } from "./types";

/** Most changes of one call. */
export const PAGE = 200;

/** What narrows a list of changes. */
export type ChangesFilter = Omit<ChangesSearch, "sel">;

/**
 * A part of the changes, newest first: what was found from `through` down to `next`. Where there is a `next` more may
 * follow, also when nothing was found.
 */
export type ChangePage = { items: Change[]; next?: number; through?: number };

export const changesQuery = (tenant: string, { type, of, resource }: ChangesFilter) =>
  infiniteQueryOptions({
    queryKey: ["changes", tenant, "list", resource, type, of],
    queryFn: ({ pageParam, signal }): Promise<ChangePage> =>
      answer(
        client.GET("/tenants/{tenant}/changes", {
          params: {
            path: { tenant },
            query: { order: "desc", resource, type, resourceType: of, after: pageParam, limit: PAGE },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next,
    // A long list is not read again as a whole: what is new comes through `newestChangesQuery`.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** The newest changes of all types and kinds, asked whenever there is news. */
export const newestChangesQuery = (tenant: string, resource: string | undefined) =>
  queryOptions({
    queryKey: ["changes", tenant, "newest", resource],
    queryFn: ({ signal }): Promise<ChangePage> =>
      answer(
        client.GET("/tenants/{tenant}/changes", {
          params: { path: { tenant }, query: { order: "desc", resource, limit: PAGE } },
          signal,
        }),
      ),
    gcTime: 0,
  });

/** One change by its number; nothing when there is none. */
export const changeQuery = (tenant: string, seq: number) =>
  queryOptions({
    queryKey: ["changes", tenant, "one", seq],
    queryFn: async ({ signal }): Promise<Change | null> => {
      const { items } = await answer(
        client.GET("/tenants/{tenant}/changes", {
          params: { path: { tenant }, query: { order: "desc", after: seq + 1, limit: 1 } },
          signal,
        }),
      );
      return items.find((change) => change.seq === seq) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const acknowledgementsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["acknowledgements", tenant],
    queryFn: ({ signal }): Promise<Acknowledgements> =>
      answer(client.GET("/tenants/{tenant}/changes/acknowledgements", { params: { path: { tenant } }, signal })),
    refetchInterval: 5_000,
  });

/** Whoever says once more what they have applied begins anew. */
export const forgetReader = async (tenant: string, reader: string): Promise<void> => {
  await answer(
    client.DELETE("/tenants/{tenant}/changes/acknowledgements/{reader}", { params: { path: { tenant, reader } } }),
  );
};
