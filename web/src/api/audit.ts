/** Who changed what: in a tenant, or in the service itself where no tenant is named. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AuditSearch } from "../routes";
import { answer, client } from "./client";
import { sinceOf } from "./log";
import type { AuditEntry } from "./types";

const PAGE = 100;

type Query = { after?: string | undefined; limit: number } & ReturnType<typeof auditParameters>;

/** The API's parameters for the filters in the address. */
export function auditParameters({ act, actor, subject, span }: AuditSearch, now: number) {
  return { act, actor, subject, since: span ? sinceOf(span, now) : undefined };
}

const read = (tenant: string | undefined, query: Partial<Query>, signal: AbortSignal) =>
  tenant === undefined
    ? answer(client.GET("/audit", { params: { query }, signal }))
    : answer(client.GET("/tenants/{tenant}/audit", { params: { path: { tenant }, query }, signal }));

export const auditQuery = (tenant: string | undefined, { sel: _, ...search }: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", tenant, search],
    queryFn: ({ pageParam, signal }) =>
      read(tenant, { ...auditParameters(search, Date.now()), after: pageParam, limit: PAGE }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Who has just changed something comes here to see it.
    staleTime: 0,
  });

/** One entry by its number, for an address that was copied. Nothing when there is no such entry. */
export const auditEntryQuery = (tenant: string | undefined, seq: number) =>
  queryOptions({
    queryKey: ["audit", tenant, "entry", seq],
    queryFn: async ({ signal }): Promise<AuditEntry | null> => {
      const { items } = await read(tenant, { after: String(seq + 1), limit: 1 }, signal);
      return items.find((entry) => entry.seq === seq) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
