/** The sync log as a list that grows at its top while the reader stands there, and waits while they do not. */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useLiveStream } from "../../api/live";
import { eventsQuery, newestEventsQuery } from "../../api/log";
import type { SyncEventSummary } from "../../api/types";
import { keepRows } from "../../components/ListBody";
import { useList } from "../../components/useList";
import type { LogSearch } from "../../routes";

/** How often the log is asked while no stream is open. */
const POLL = 10_000;
/** For how long what arrives is gathered before the list is asked. */
const GATHER = 300;

type Pages = InfiniteData<{ items: SyncEventSummary[]; next?: string }>;

/** The events of `newest` that the list does not have, and whether there may be more between the two. */
export function freshOf(
  newest: SyncEventSummary[],
  known: SyncEventSummary[],
): { fresh: SyncEventSummary[]; gap: boolean } {
  const ids = new Set(known.slice(0, newest.length * 2).map((event) => event.id));
  const fresh = newest.filter((event) => !ids.has(event.id));
  return { fresh, gap: known.length > 0 && fresh.length > 0 && fresh.length === newest.length };
}

export function useLiveEvents(tenant: string, search: LogSearch, { paused, hold }: { paused: boolean; hold: boolean }) {
  const queries = useQueryClient();
  const options = eventsQuery(tenant, search);
  const query = useInfiniteQuery({ ...options, ...keepRows });
  const list = useList(query);
  // A span with a fixed end gets nothing new.
  const live = !paused && search.to === undefined;
  const loaded = query.data !== undefined && !query.isPlaceholderData;
  const listening = live && loaded;
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  const streaming = useLiveStream(
    listening ? `/tenants/${encodeURIComponent(tenant)}/sync-events/stream` : undefined,
    () => {
      // The stream says that there is something; the list says what of it passes the filters.
      later.current ??= setTimeout(() => {
        later.current = undefined;
        void newest.refetch();
      }, GATHER);
    },
  );
  useEffect(() => () => clearTimeout(later.current), []);
  const newest = useQuery({
    ...newestEventsQuery(tenant, search),
    enabled: listening,
    refetchInterval: streaming ? false : POLL,
  });

  const { fresh, gap } = useMemo(() => freshOf(newest.data ?? [], list.rows), [newest.data, list.rows]);
  const key = options.queryKey;
  const take = useCallback(() => {
    if (gap) {
      void queries.resetQueries({ queryKey: key, exact: true });
      return;
    }
    queries.setQueryData(key, (pages: Pages | undefined) => {
      const [first, ...others] = pages?.pages ?? [];
      if (!pages || !first) return pages;
      return { ...pages, pages: [{ ...first, items: [...fresh, ...first.items] }, ...others] };
    });
  }, [queries, key, fresh, gap]);

  const waiting = live && loaded ? fresh.length : 0;
  useEffect(() => {
    if (waiting > 0 && !hold) take();
  }, [waiting, hold, take]);

  return { ...list, query, waiting, gap, take };
}
