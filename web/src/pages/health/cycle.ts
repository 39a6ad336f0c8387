import type { ConnectionHealthReport } from "../../api/types";

type Cycle = ConnectionHealthReport["cycles"][number];

const SECOND = 1_000;

/** How long it took, in seconds. */
export const lengthOf = (cycle: Cycle): number => (Date.parse(cycle.endedAt) - Date.parse(cycle.startedAt)) / SECOND;

/** The log's filter that shows its requests: a running one has no end, a past one ends after its last request. */
export const spanOf = (cycle: Cycle): { from: string; to?: string } => ({
  from: new Date(cycle.startedAt).toISOString(),
  ...(cycle.running ? {} : { to: new Date(Date.parse(cycle.endedAt) + SECOND).toISOString() }),
});
