import { useEffect, useRef, useState } from "react";
import { useMessages } from "../messages";
import "./Skeleton.css";

const WAIT = 200;
const HOLD = 300;

/** True while a placeholder should show: not for what is quick, and never only for a blink. */
export function useDelayed(loading: boolean): boolean {
  const [shown, setShown] = useState(false);
  const since = useRef(0);
  useEffect(() => {
    if (loading === shown) return;
    const rest = loading ? WAIT : Math.max(0, HOLD - (performance.now() - since.current));
    const timer = setTimeout(() => {
      since.current = performance.now();
      setShown(loading);
    }, rest);
    return () => clearTimeout(timer);
  }, [loading, shown]);
  return shown;
}

/** Grey lines in the place of text. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const messages = useMessages();
  return (
    <div className="skeleton-lines" role="status">
      <span className="visually-hidden">{messages.states.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <span key={line} className="skeleton" data-short={line === lines - 1 && lines > 1 ? "" : undefined} />
      ))}
    </div>
  );
}
