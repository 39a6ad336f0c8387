/** Sizes and times in the unit that says them shortest. */
type Steps = readonly (readonly [unit: string, size: number])[];

const sizes: Steps = [
  ["terabyte", 1e12],
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
  ["byte", 1],
];

const times: Steps = [
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
  ["millisecond", 1],
];

function shortest(locale: string, steps: Steps, value: number): string {
  const [unit, size] = steps.find(([, size]) => value >= size) ?? steps[steps.length - 1] ?? ["byte", 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: size === 1 ? 0 : 1 }).format(
    value / size,
  );
}

/** A number of bytes, in powers of a thousand. */
export const bytesIn = (locale: string) => (bytes: number) => shortest(locale, sizes, bytes);

/** A length of time, given in milliseconds. */
export const lastingIn = (locale: string) => (millis: number) => shortest(locale, times, millis);
