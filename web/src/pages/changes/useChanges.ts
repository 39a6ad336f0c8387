/**
 * The changes of a tenant as a list that grows at its top while the reader stands there, and waits while they do not. Under a
 * type or a kind one call looks through so many changes and may find none of them, so more calls follow: some by themselves,
 * and further ones on request.
 */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type ChangePage, type ChangesFilter, changesQuery, newestChangesQuery } from "../../api/changes";
import { useLiveStream } from "../../api/live";
import type { Change } from "../../api/types";
import { keepRows } from "../../components/ListBody";
import { useList } from "../../components/useList";
import { type ChangesSearch, printSearch } from "../../routes";

/** How often the changes are asked for while no stream is open, in milliseconds. */
const POLL = 10_000;
/** For how long what arrives is gathered before the list is asked, in milliseconds. */
const GATHER = 300;
/** How many changes are looked at before the reader is asked whether to look further: ten calls. */
export const REACH = 50_000;
/** With fewer rows than this that pass the filters the next ones are looked at without scrolling. */
const WANTED = 30;

type Pages = InfiniteData<ChangePage>;
type Part<T> = Omit<ChangePage, "items"> & { items: T[] };
type Numbered = Pick<Change, "seq">;
type Fresh<T> = { fresh: T[]; gap: boolean };

const NOTHING: Fresh<Change> = { fresh: [], gap: false };

/** Whether a change that has just come belongs into a list with these filters. */
export const passes = ({ type, of }: ChangesFilter, change: Pick<Change, "type" | "resourceType">): boolean =>
  (type === undefined || change.type === type) && (of === undefined || change.resourceType === of);

/** The number up to which a page that begins with the newest has all that passes its filters. */
const headOf = ({ through, items }: Part<Numbered>): number => through ?? items[0]?.seq ?? 0;

/** The changes of `newest` after the number up to which the list has all, and whether there may be more between the two. */
export function freshOf<T extends Numbered>(newest: Part<T>, head: number): Fresh<T> {
  const fresh = newest.items.filter(({ seq }) => seq > head);
  return { fresh, gap: newest.next !== undefined && newest.next > head + 1 };
}

/** How many of the newest changes were looked at for these pages. */
export function lookedAt(pages: Part<Numbered>[]): number {
  const first = pages[0];
  return first ? headOf(first) + 1 - (pages.at(-1)?.next ?? 1) : 0;
}

/** The first page of a list with what came since. */
const grown = (first: ChangePage, newest: ChangePage, filter: ChangesFilter): ChangePage => ({
  ...first,
  items: [...freshOf(newest, headOf(first)).fresh.filter((change) => passes(filter, change)), ...first.items],
  through: Math.max(headOf(first), headOf(newest)),
});

export function useChanges(tenant: string, search: ChangesSearch, hold: boolean) {
  const queries = useQueryClient();
  const { type, of, resource } = search;
  const options = changesQuery(tenant, { type, of, resource });
  const query = useInfiniteQuery({ ...options, ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const loaded = query.data !== undefined && !query.isPlaceholderData;

  const later = useRef<ReturnType<typeof setTimeout>>(undefined);
  const streaming = useLiveStream(
    query.data ? `/tenants/${encodeURIComponent(tenant)}/changes/stream${printSearch({ resource })}` : undefined,
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

  const pages = query.data?.pages;
  const looked = useMemo(() => lookedAt(pages ?? []), [pages]);
  const { fresh, gap } = useMemo(() => {
    const first = loaded ? pages?.[0] : undefined;
    return first && newest.data ? freshOf(newest.data, headOf(first)) : NOTHING;
  }, [loaded, newest.data, pages]);
  const key = options.queryKey;
  const take = useCallback(() => {
    if (gap) {
      void queries.resetQueries({ queryKey: key, exact: true });
      return;
    }
    queries.setQueryData(key, (pages: Pages | undefined) => {
      const [first, ...others] = pages?.pages ?? [];
      if (!pages || !first || !newest.data) return pages;
      return { ...pages, pages: [grown(first, newest.data, { type, of }), ...others] };
    });
  }, [queries, key, gap, newest.data, type, of]);
  const waiting = fresh.filter((change) => passes({ type, of }, change)).length;
  const unseen = fresh.length > 0;
  useEffect(() => {
    if (unseen && (!hold || waiting === 0)) take();
  }, [unseen, waiting, hold, take]);

  const back = useReach({
    asked: `${type} ${of} ${resource}`,
    narrowed: type !== undefined || of !== undefined,
    found: rows.length,
    looked,
    more,
    onEnd,
  });
  const goesOn = query.isPlaceholderData || (back.more && !query.isFetchNextPageError);
  return { query, rows, ...back, looked, searching: rows.length === 0 && goesOn, waiting, gap, take };
}

/** How far back is looked under a type or a kind: on while little was found, and no further than the reader wants. */
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
