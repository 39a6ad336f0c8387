/** Requests at the tenant's SCIM door. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type LogFilter, printSearch, type Span } from "../routes";
import { answer, client } from "./client";
import { askAgain, failureOf } from "./failure";
import type { SyncEvent, SyncEventSummary } from "./types";

const PAGE = 100;
const HOUR = 3_600_000;
const hoursOf: Record<Span, number> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

/** Where a relative span begins, cut to the minute so that reading on does not move it with every page. */
export function sinceOf(span: Span, now: number): string {
  const minute = Math.floor(now / 60_000) * 60_000;
  return new Date(minute - hoursOf[span] * HOUR).toISOString();
}

/** The API's parameters for the filters in the address. */
export function logParameters(search: LogFilter, now: number) {
  return {
    outcome: search.outcome,
    method: search.method,
    resourceType: search.type,
    statusClass: search.status === undefined ? undefined : Number(search.status),
    cause: search.cause,
    idp: search.idp,
    atLeastMs: search.over === undefined ? undefined : Number(search.over),
    connection: search.connection,
    credential: search.credential,
    resource: search.resource,
    text: search.q,
    since: search.from ?? (search.span ? sinceOf(search.span, now) : undefined),
    until: search.to,
  };
}

/** Where a file of what is filtered comes from; a plain link, so that the browser keeps it as it comes. */
export function exportAddress(tenant: string, search: LogFilter, format: "ndjson" | "csv"): string {
  return `/api/v1/tenants/${encodeURIComponent(tenant)}/sync-events/export${printSearch({ format, ...logParameters(search, Date.now()) })}`;
}

export const eventsQuery = (tenant: string, search: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", tenant, search],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/sync-events", {
          params: {
            path: { tenant },
            query: { ...logParameters(search, Date.now()), after: pageParam, limit: PAGE },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // A long list is not read again as a whole: what is new comes through `newestEventsQuery`.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** The newest requests under the same filters, asked whenever there is news while the log is live. */
export const newestEventsQuery = (tenant: string, search: LogFilter) =>
  queryOptions({
    queryKey: ["events", tenant, search, "newest"],
    queryFn: async ({ signal }): Promise<SyncEventSummary[]> =>
      (
        await answer(
          client.GET("/tenants/{tenant}/sync-events", {
            params: { path: { tenant }, query: { ...logParameters(search, Date.now()), limit: PAGE } },
            signal,
          }),
        )
      ).items,
    gcTime: 0,
  });

/** For so long after a request its event may be on the way into the log, in milliseconds. */
const ON_ITS_WAY = 10_000;

/** Whether a request came just now, by the time in its id (a UUIDv7). */
const isYoung = (event: string) =>
  Math.abs(Date.now() - Number.parseInt(event.replaceAll("-", "").slice(0, 12), 16)) < ON_ITS_WAY;

/** One request whole. Whoever comes from its change may be here before its event is written: it is asked for again. */
export const eventQuery = (tenant: string, event: string) =>
  queryOptions({
    queryKey: ["event", tenant, event],
    queryFn: ({ signal }): Promise<SyncEvent> =>
      answer(client.GET("/tenants/{tenant}/sync-events/{event}", { params: { path: { tenant, event } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: (times, error) => askAgain(times, error) || (failureOf(error).status === 404 && isYoung(event)),
  });
