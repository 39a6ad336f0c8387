/** Stacked bars along a line of time: own SVG, one stop of the keyboard, each bar leading somewhere. */
import { type FocusEvent, type KeyboardEvent, type PointerEvent, useId, useState } from "react";
import "./BarChart.css";
import { ceilingOf, heightsOf } from "./bars";
import { Link } from "./Link";

/** What is stacked, from the ground up; each has a pattern of its own beside its colour. */
export type Series = { id: "accepted" | "rejected" | "failed"; label: string };

export type Bar = {
  id: string;
  /** Its place in time, in words; `short` names its beginning only. */
  label: string;
  short: string;
  /** What stands below it; only some bars have it, and of these the lesser ones give way where there is no room. */
  tick?: { text: string; lesser: boolean } | undefined;
  /** As many as there are series, in their order. */
  parts: number[];
  href: string;
};

const HEIGHT = 148;
const DAY = 24;

export function BarChart({
  label,
  whole,
  summary,
  series,
  bars,
  number,
  openLabel,
  onOpen,
}: {
  label: string;
  /** What the figures are of while no bar is pointed at. */
  whole: string;
  /** The chart in a few sentences, for who does not see it. */
  summary: string;
  series: Series[];
  bars: Bar[];
  number: (n: number) => string;
  openLabel: string;
  onOpen: (bar: Bar) => void;
}) {
  const id = useId();
  const [pointed, setPointed] = useState<number>();
  const [chosen, setChosen] = useState<number>();
  const shown = bars[pointed ?? chosen ?? -1];
  const values = shown?.parts ?? series.map((_, at) => bars.reduce((sum, bar) => sum + (bar.parts[at] ?? 0), 0));
  const keys = useChosenBar(bars, chosen, setChosen, onOpen);
  const current = chosen ?? bars.length - 1;
  const said = (bar: Bar | undefined) =>
    bar && `${bar.label}: ${series.map((one, at) => `${number(bar.parts[at] ?? 0)} ${one.label}`).join(", ")}`;
  const leave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setChosen(undefined);
  };
  return (
    <figure className="bars" onBlur={leave}>
      <p id={`${id}text`} className="visually-hidden">
        {summary}
      </p>
      <div className="bars-plot">
        <Scale bars={bars} number={number} />
        <div
          role="slider"
          tabIndex={0}
          className="bars-area"
          aria-label={label}
          aria-describedby={`${id}text`}
          aria-valuemin={0}
          aria-valuemax={bars.length - 1}
          aria-valuenow={current}
          aria-valuetext={said(bars[current])}
          onFocus={() => setChosen(chosen ?? bars.length - 1)}
          onKeyDown={keys}
          // Pressing with a mouse opens a bar; choosing one is for keys and fingers.
          onMouseDown={(event) => event.preventDefault()}
          onPointerMove={(event) => event.pointerType === "mouse" && setPointed(barAt(event, bars.length))}
          onPointerLeave={() => setPointed(undefined)}
          onPointerUp={(event) => {
            const bar = barAt(event, bars.length);
            if (event.pointerType !== "mouse") setChosen(bar);
            else if (event.button === 0 && bars[bar]) onOpen(bars[bar]);
          }}
        >
          <Drawing id={id} series={series} bars={bars} marked={pointed ?? chosen} />
        </div>
      </div>
      <figcaption className="bars-foot">
        <span className="bars-what">{shown?.label ?? whole}</span>
        <ul className="bars-legend">
          {series.map((one, at) => (
            <li key={one.id}>
              <svg width="12" height="12" aria-hidden="true">
                <rect width="12" height="12" rx="2" className={`bars-${one.id}`} fill={fillOf(id, one)} />
              </svg>
              {one.label} <strong>{number(values[at] ?? 0)}</strong>
            </li>
          ))}
        </ul>
        {chosen !== undefined && bars[chosen] && <Link href={bars[chosen].href}>{openLabel}</Link>}
      </figcaption>
    </figure>
  );
}

/** Arrows walk from bar to bar, the larger keys by a day or to an end; Enter opens. */
function useChosenBar(
  bars: Bar[],
  chosen: number | undefined,
  choose: (bar: number) => void,
  onOpen: (bar: Bar) => void,
) {
  const last = bars.length - 1;
  const at = chosen ?? last;
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - DAY,
    PageUp: at + DAY,
    Home: 0,
    End: last,
  };
  return (event: KeyboardEvent) => {
    const bar = bars[at];
    if (event.key === "Enter" && bar) onOpen(bar);
    const to = steps[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    choose(Math.max(0, Math.min(last, to)));
  };
}

const barAt = (event: PointerEvent<HTMLElement>, count: number) => {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  return Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - left) / width) * count)));
};

const fillOf = (id: string, { id: series }: Series) => (series === "accepted" ? undefined : `url(#${id}${series})`);

function Scale({ bars, number }: { bars: Bar[]; number: (n: number) => string }) {
  const top = ceilingOf(bars.map((bar) => bar.parts));
  return (
    <div className="bars-scale" aria-hidden="true">
      <span>{number(top)}</span>
      {top > 1 && <span>{number(top / 2)}</span>}
      <span>0</span>
    </div>
  );
}

function Drawing({
  id,
  series,
  bars,
  marked,
}: {
  id: string;
  series: Series[];
  bars: Bar[];
  marked: number | undefined;
}) {
  const width = 100 / bars.length;
  const heights = heightsOf(
    bars.map((bar) => bar.parts),
    HEIGHT,
  );
  return (
    <svg className="bars-drawing" width="100%" height={HEIGHT + 20} aria-hidden="true">
      <defs>
        <pattern id={`${id}rejected`} width="6" height="6" patternUnits="userSpaceOnUse">
          <rect width="6" height="6" className="bars-rejected" />
          <path d="M-1 1 1 -1M0 6 6 0M5 7 7 5" className="bars-hatch" />
        </pattern>
        <pattern id={`${id}failed`} width="4" height="4" patternUnits="userSpaceOnUse">
          <rect width="4" height="4" className="bars-failed" />
          <circle cx="2" cy="2" r="1" className="bars-dot" />
        </pattern>
      </defs>
      {[0, HEIGHT / 2, HEIGHT].map((y) => (
        <line key={y} x1="0" x2="100%" y1={y + 0.5} y2={y + 0.5} className="bars-line" />
      ))}
      {marked !== undefined && (
        <rect x={`${marked * width}%`} width={`${width}%`} height={HEIGHT} className="bars-marked" />
      )}
      {bars.map((bar, at) => {
        let ground = HEIGHT;
        return (
          <g key={bar.id}>
            {series.map((one, part) => {
              const height = heights[at]?.[part] ?? 0;
              ground -= height;
              return height === 0 ? null : (
                <rect
                  key={one.id}
                  x={`${(at + 0.14) * width}%`}
                  width={`${0.72 * width}%`}
                  y={ground}
                  height={height}
                  className={`bars-${one.id}`}
                  fill={fillOf(id, one)}
                />
              );
            })}
            {bar.tick && (
              <text
                x={`${at * width}%`}
                y={HEIGHT + 16}
                className="bars-tick"
                data-lesser={bar.tick.lesser ? "" : undefined}
              >
                {bar.tick.text}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
