/** The requests a second that somebody typed, 1 to 100,000; nothing when it is none of these. */
export function limitOf(typed: string): number | undefined {
  const digits = typed.trim();
  const limit = /^\d{1,6}$/.test(digits) ? Number(digits) : 0;
  return limit >= 1 && limit <= 100_000 ? limit : undefined;
}
