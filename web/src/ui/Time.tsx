import { useMessages } from "../messages";
import { usePreferences } from "../preferences";
import { useNow } from "./clock";

export type TimeUnit = "second" | "minute" | "hour" | "day" | "month" | "year";

const steps: [TimeUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** The distance between two moments in its largest whole unit; negative for the past. */
export function distance(at: number, now: number): { value: number; unit: TimeUnit } {
  const seconds = Math.round((at - now) / 1000);
  for (const [unit, length] of steps) {
    // Whole days up to a year read better than "2 months" for what ends.
    if (unit === "month" && Math.abs(seconds) < 365 * 86_400) continue;
    if (Math.abs(seconds) >= length) return { value: Math.trunc(seconds / length), unit };
  }
  return { value: seconds, unit: "second" };
}

/**
 * A moment: relative, local or UTC as the reader chose; the exact local time with its zone is in the tooltip.
 * `past` marks what has happened, so that a clock that runs ahead never shows "in 3 s".
 */
export function Time({ at, past = true, exact }: { at: string; past?: boolean; exact?: boolean }) {
  const messages = useMessages();
  const { times } = usePreferences();
  const now = useNow();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <span>{at}</span>;
  const iso = new Date(time).toISOString();
  const local = messages.time.local(new Date(time));
  const shown =
    exact || times === "local"
      ? local
      : times === "utc"
        ? `${iso.slice(0, 19).replace("T", " ")} UTC`
        : relative(messages.time.relative, past ? Math.min(time, now) : time, now);
  return (
    <time dateTime={iso} title={messages.time.exact(new Date(time))} className="nowrap">
      {shown}
    </time>
  );
}

function relative(print: (value: number, unit: TimeUnit) => string, time: number, now: number): string {
  const { value, unit } = distance(time, now);
  return print(value, unit);
}
