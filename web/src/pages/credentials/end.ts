/** When what is issued ends by itself. */
export type End = "365" | "90" | "none";

const days: Record<End, { lifetimeDays?: 90 | 365 }> = {
  "365": { lifetimeDays: 365 },
  "90": { lifetimeDays: 90 },
  none: {},
};

/** The end as the API takes it. */
export const lifetimes = (end: End) => days[end];
