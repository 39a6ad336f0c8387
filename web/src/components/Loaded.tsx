import type { ReactNode } from "react";
import { failureOf } from "../api/failure";
import { useMessages } from "../messages";
import { Skeleton, useDelayed } from "../ui/Skeleton";
import { FailureBox } from "./FailureBox";
import { Missing } from "./Missing";
import { type MayFail, useFailure } from "./useFailure";

/** What a query gives us, as far as this component looks at it. */
type Query<T> = MayFail & { data: T | undefined; refetch: () => unknown };

/**
 * The states of one part of a page: waiting, failed, missing, there. Parts fail alone; data that was there stays
 * when reading it again fails.
 */
export function Loaded<T>({
  query,
  skeleton = <Skeleton />,
  children,
  missing,
  heads,
}: {
  query: Query<T>;
  skeleton?: ReactNode;
  /** Whether a missing object makes the whole page missing, or what stands in its place then. */
  missing?: ReactNode;
  /** Whether what is loaded brings the page's heading; until then the page has one that is not seen. */
  heads?: boolean;
  children: (data: T) => ReactNode;
}) {
  const { product } = useMessages();
  const failure = useFailure(query);
  const pending = query.isPending && failure === null;
  const waiting = useDelayed(pending);
  const heading = heads && <h1 className="visually-hidden">{product}</h1>;
  if (waiting)
    return (
      <>
        {heading}
        {skeleton}
      </>
    );
  if (query.data !== undefined) return children(query.data);
  if (pending) return null;
  if (missing && failureOf(failure).hidden) return missing === true ? <Missing /> : missing;
  return (
    <>
      {heading}
      <FailureBox error={failure} onRetry={() => query.refetch()} />
    </>
  );
}
