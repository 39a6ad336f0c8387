/** The requests of a day: how many, and as a bar what share of them was not accepted. */
import type { Tenant } from "../../api/types";
import { useOperatorMessages } from "../../messages/operator";

/** Of a hundred; what happened at all is seen. */
const shareOf = (part: number, whole: number) => (part === 0 ? 0 : Math.max(4, (part / whole) * 100));

export function DayBar({ day }: { day: NonNullable<Tenant["day"]> }) {
  const { operator: texts, number } = useOperatorMessages();
  if (day.requests === 0) {
    return (
      <span className="quiet" title={texts.none}>
        0
      </span>
    );
  }
  const bad = shareOf(day.refused, day.requests);
  return (
    <span title={texts.day(day.requests, day.refused)}>
      {number(day.requests)} {bad > 0 && <span className="small quiet">{texts.share(day.refused, day.requests)} </span>}
      <svg width="48" height="6" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width={100 - bad} height="6" fill="var(--ok-bar)" />
        {bad > 0 && <rect x={100 - bad} width={bad} height="6" fill="var(--bad-bar)" />}
      </svg>
    </span>
  );
}
