/** Rejected and failed requests of the last day, grouped by why. */
import type { Outcome, SyncEventSummary } from "../../api/types";

export type Problem = {
  /** The cause's code; nothing when the service named none. */
  code: string | undefined;
  outcome: Outcome;
  count: number;
  newest: SyncEventSummary;
};

/** Groups by cause, newest first. */
export function groupProblems(events: SyncEventSummary[]): Problem[] {
  const groups = new Map<string, Problem>();
  for (const event of events) {
    const key = `${event.outcome} ${event.cause?.code ?? event.status}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { code: event.cause?.code, outcome: event.outcome, count: 1, newest: event });
    } else {
      group.count += 1;
      if (event.at > group.newest.at) group.newest = event;
    }
  }
  return [...groups.values()].sort((a, b) => b.newest.at.localeCompare(a.newest.at));
}
