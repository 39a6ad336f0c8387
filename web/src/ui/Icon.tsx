import type { LucideIcon } from "lucide-react";
import "./Icon.css";

/** A picture beside a word; the word carries the meaning, so the picture is hidden from screen readers. */
export function Icon({ of: Shape, spin, size = 16 }: { of: LucideIcon; spin?: boolean; size?: number }) {
  return <Shape size={size} strokeWidth={1.75} aria-hidden="true" className={spin ? "icon icon-spin" : "icon"} />;
}
