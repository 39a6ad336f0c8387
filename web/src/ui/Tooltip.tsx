/**
 * Names one control, on hover and on keyboard focus. Stands in the browser's top layer, so nothing clips it. The text
 * repeats the control's own name, so screen readers are not told twice.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import "./Tooltip.css";

const WAIT = 500;
const GAP = 6;
const EDGE = 8;

export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  const [shown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const anchor = useRef<HTMLSpanElement>(null);
  const tip = useRef<HTMLSpanElement>(null);
  const show = (after: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(true), after);
  };
  const hide = () => {
    clearTimeout(timer.current);
    setShown(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (shown && anchor.current && tip.current) place(anchor.current, tip.current);
  }, [shown]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: watches the control inside, acts on nothing itself
    <span
      ref={anchor}
      className="tooltip-anchor"
      onPointerEnter={(event) => event.pointerType === "mouse" && show(WAIT)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(":focus-visible") && show(0)}
      onBlur={hide}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape") hide();
      }}
    >
      {children}
      {shown && (
        <span ref={tip} popover="manual" className="tooltip" aria-hidden="true">
          {text}
        </span>
      )}
    </span>
  );
}

/** Below the control, or above it where there is no room, and never over the window's edge. */
function place(anchor: HTMLElement, tip: HTMLElement) {
  tip.showPopover?.();
  const at = anchor.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = at.bottom + GAP;
  const top = below + size.height + EDGE > window.innerHeight ? at.top - GAP - size.height : below;
  const middle = at.left + at.width / 2 - size.width / 2;
  const left = Math.min(Math.max(EDGE, middle), window.innerWidth - size.width - EDGE);
  tip.style.top = `${Math.round(top)}px`;
  tip.style.left = `${Math.round(left)}px`;
}
