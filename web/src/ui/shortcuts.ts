/** Single keys and two-key sequences, outside fields and dialogs only. */
import { useEffect, useRef } from "react";
import { preferences } from "../preferences";

/** A handler that gives `false` leaves the key to the browser. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => unknown>;

const SEQUENCE = 1_200;

const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [role=listbox], [role=menu]") !== null);

/** Runs the handler of a letter pressed with Control or Command, in fields too, but not over a dialog. */
export function useModShortcut(key: string, act: () => void) {
  const current = useRef(act);
  useEffect(() => {
    current.current = act;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== key)
        return;
      if (document.querySelector("[role=dialog], [role=alertdialog]") !== null) return;
      event.preventDefault();
      current.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [key]);
}

/**
 * Runs the handler of a key (`j`, `/`, `Escape`) or of a sequence (`g o`) while the component is mounted. Letters and
 * signs obey the reader's switch; named keys such as `Escape` and the arrows always act.
 */
export function useShortcuts(shortcuts: Shortcuts) {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let first: { key: string; at: number } | undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu], [role=listbox]") !== null) return;
      if (event.key.length === 1 && !preferences.get().singleKeys) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const sequence = first && event.timeStamp - first.at < SEQUENCE ? `${first.key} ${key}` : undefined;
      first = { key, at: event.timeStamp };
      const act =
        (sequence && current.current[sequence]) || (sequence?.startsWith("g ") ? undefined : current.current[key]);
      if (act && act(event) !== false) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
