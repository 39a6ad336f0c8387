import { useState } from "react";

/** What a query tells of its failures, as far as this looks at it. */
export type MayFail = { error: unknown; isPending: boolean; errorUpdateCount: number };

/**
 * Why there is nothing to show, or `null`. A query without data begins each asking as if nothing had failed before: until
 * there is an answer the last failure stands, with the button that somebody may be about to press.
 */
export function useFailure({ error, isPending, errorUpdateCount }: MayFail): unknown {
  const [last, setLast] = useState<unknown>(null);
  if (error !== null && error !== last) setLast(error);
  return error ?? (isPending && errorUpdateCount > 0 ? last : null);
}
