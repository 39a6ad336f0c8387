/**
 * The changes of a tenant as a list that grows at its top while the reader stands there, and waits while they do not. The
 * API tells types apart only oldest first, so that is done here: a few thousand changes at a time, and further on request.
 */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { changesQuery, newestChangesQuery } from "../../api/changes";
import { useLiveStream } from "../../api/live";
import type { Change } from "../../api/types";
import { keepRows } from "../../components/ListBody";
import { useList } from "../../components/useList";
import { type ChangesSearch, printSearch } from "../../routes";

/** How often the changes are asked for while no stream is open, in milliseconds. */
const POLL = 10_000;
/** For how long what arrives is gathered before the list is asked, in milliseconds. */
const GATHER = 300;
/** How many changes are looked at before the reader is asked whether to look further. */
export const REACH = 2_000;
/** With fewer rows than this that pass the filters the next ones are looked at without scrolling. */
const WANTED = 30;

type Pages = InfiniteData<{ items: Change[]; next?: number }>;

/** Whether a change passes the filters that the API does not know newest first. */
export const passes = ({ type, of }: ChangesSearch, change: Pick<Change, "type" | "resourceType">): boolean =>
  (type === undefined || change.type === type) && (of === undefined || change.resourceType === of);

/** The changes of `newest` that come after all the list has, and whether there may be more between the two. */
export function freshOf<T extends Pick<Change, "seq">>(newest: T[], known: T[]): { fresh: T[]; gap: boolean } {
  const head = known[0]?.seq ?? 0;
  const fresh = newest.filter(({ seq }) => seq > head);
  return { fresh, gap: known.length > 0 && fresh.length > 0 && fresh.length === newest.length };
}

export function useChanges(tenant: string, search: ChangesSearch, hold: boolean) {
  const queries = useQueryClient();
  const { type, of, resource } = search;
  const options = changesQuery(tenant, resource);
  const query = useInfiniteQuery({ ...options, ...keepRows });
  const list = useList(query);
  const loaded = query.data !== undefined && !query.isPlaceholderData;

  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  const streaming = useLiveStream(
    loaded ? `/tenants/${encodeURIComponent(tenant)}/changes/stream${printSearch({ resource })}` : undefined,
    () => {
      // The stream says that there is something; the list has it with the names of its members.
      later.current ??= setTimeout(() => {
        later.current = undefined;
        void newest.refetch();
      }, GATHER);
    },
  );
  useEffect(() => () => clearTimeout(later.current), []);
  const newest = useQuery({
    ...newestChangesQuery(tenant, resource),
    enabled: loaded,
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
  const waiting = loaded ? fresh.filter((change) => passes({ type, of }, change)).length : 0;
  const unseen = loaded && fresh.length > 0;
  useEffect(() => {
    if (unseen && (!hold || waiting === 0)) take();
  }, [unseen, waiting, hold, take]);

  const rows = useMemo(() => list.rows.filter((change) => passes({ type, of }, change)), [list.rows, type, of]);
  const back = useReach({
    asked: `${type} ${of} ${resource}`,
    narrowed: type !== undefined || of !== undefined,
    found: rows.length,
    looked: list.rows.length,
    more: list.more,
    onEnd: list.onEnd,
  });
  const searching = rows.length === 0 && list.rows.length > 0 && back.more && !query.isFetchNextPageError;
  return { query, rows, ...back, looked: list.rows.length, searching, waiting, gap, take };
}

/** How far back is looked under a filter of ours: on while little was found, and no further than the reader wants. */
function useReach({
  asked,
  narrowed,
  found,
  looked,
  more,
  onEnd,
}: {
  asked: string;
  narrowed: boolean;
  found: number;
  looked: number;
  more: boolean;
  onEnd: () => void;
}) {
  const [reach, setReach] = useState({ asked, changes: REACH });
  const within = !narrowed || looked < (reach.asked === asked ? reach.changes : REACH);
  const on = more && within;
  // A page on which nothing passes leads to the next one, so what is looked at counts, and not only what is found.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const next = useCallback(() => onEnd(), [onEnd, looked]);
  useEffect(() => {
    if (narrowed && found < WANTED && on) next();
  }, [narrowed, found, on, next]);
  return {
    more: on,
    onEnd: next,
    /** Looks as far again; absent while nothing stands in the way. */
    lookFurther: more && !within ? () => setReach({ asked, changes: looked + REACH }) : undefined,
  };
}
