/** The sums of a chart of stacked bars. */

/** The fewest pixels that something which is not nothing gets: one of thousands is seen too. */
const LEAST = 3;

/** Ends of a scale, times a power of ten; 3 only where its half is whole too. */
const ENDS = [1, 2, 3, 4, 6, 8];

/** The end of the scale: the smallest of 1, 2, 4, 6, 8, 10, 20, 30, 40, … that no bar exceeds. */
export function ceilingOf(bars: number[][]): number {
  const most = Math.max(1, ...bars.map((parts) => parts.reduce((sum, part) => sum + part, 0)));
  for (let unit = 1; ; unit *= 10) {
    const end = ENDS.find((step) => step * unit >= most && (step !== 3 || unit > 1));
    if (end !== undefined) return end * unit;
  }
}

/** How high each part of each bar is, in pixels of `height`. A bar whose small parts had to grow takes it from its largest. */
export function heightsOf(bars: number[][], height: number): number[][] {
  const top = ceilingOf(bars);
  return bars.map((parts) => {
    const whole = parts.reduce((sum, part) => sum + part, 0);
    if (whole === 0) return parts;
    const heights = parts.map((part) => (part === 0 ? 0 : Math.max(LEAST, (part / top) * height)));
    const over = heights.reduce((sum, part) => sum + part, 0) - Math.max(LEAST, (whole / top) * height);
    const largest = heights.indexOf(Math.max(...heights));
    return heights.map((part, at) => (at === largest ? Math.max(Math.min(part, LEAST), part - over) : part));
  });
}
