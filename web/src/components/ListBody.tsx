/** The states of a page that is one long list: waiting, failed, empty, nothing found, rows. */
import { keepPreviousData, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useMessages } from "../messages";
import { Button } from "../ui/Button";
import { EmptyState } from "../ui/Feedback";
import { Skeleton, useDelayed } from "../ui/Skeleton";
import { FailureBox } from "./FailureBox";
import { type MayFail, useFailure } from "./useFailure";

/** Keeps the old rows while a changed filter is asked for. */
export const keepRows = { placeholderData: keepPreviousData } as const;

export type SetFilter = { id: string; label: string; onClear: () => void };

export function ListBody({
  query,
  count,
  filters,
  onClearAll,
  instead,
  empty,
  foot,
  among = false,
  children,
}: {
  query: MayFail &
    Pick<
      UseInfiniteQueryResult,
      "isFetching" | "isPlaceholderData" | "fetchNextPage" | "isFetchNextPageError" | "refetch"
    >;
  count: number;
  /** What narrows the list, each with a way to clear it. */
  filters: SetFilter[];
  onClearAll: () => void;
  /** What else to do where nothing is found. */
  instead?: ReactNode;
  empty: ReactNode;
  foot?: ReactNode;
  /** Whether it stands among other parts of a page, which scrolls as a whole. */
  among?: boolean;
  children: ReactNode;
}) {
  const messages = useMessages();
  const failure = useFailure(query);
  const pending = query.isPending && failure === null;
  const waiting = useDelayed(pending);
  if (waiting) {
    return (
      <div className="card">
        <Skeleton lines={8} />
      </div>
    );
  }
  if (pending) return null;
  if (count === 0 && failure !== null) {
    return <FailureBox error={failure} onRetry={() => query.refetch()} />;
  }
  if (count === 0 && filters.length === 0) return <div className="card">{empty}</div>;
  if (count === 0) {
    return (
      <div className="card">
        <EmptyState
          icon={SearchX}
          title={messages.filters.nothing}
          actions={
            <>
              {filters.map((filter) => (
                <Button key={filter.id} onPress={filter.onClear}>
                  {messages.filters.clear(filter.label)}
                </Button>
              ))}
              {filters.length > 1 && <Button onPress={onClearAll}>{messages.filters.clearAll}</Button>}
              {instead}
            </>
          }
        >
          <p>
            {messages.filters.nothingWhy} {filters.map((filter) => filter.label).join(", ")}
          </p>
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={among ? "stack-tight" : "fill"}>
      {query.isFetching && query.isPlaceholderData && <div className="progress-line" />}
      {children}
      {query.isFetchNextPageError && <FailureBox error={query.error} onRetry={() => query.fetchNextPage()} />}
      <div className="table-foot">{foot}</div>
    </div>
  );
}
