import { CircleCheck, CircleMinus, CircleX, Clock, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import "./Chip.css";
import { Icon } from "./Icon";

export type Tone = "ok" | "warn" | "bad" | "info" | "plain";

export const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleX,
  info: Clock,
  plain: CircleMinus,
};

/** A state: always picture, word and colour together. */
export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="chip" data-tone={tone}>
      <Icon of={toneIcons[tone]} size={14} />
      {children}
    </span>
  );
}

/** A state inside a dense row: picture and word in colour, without a ground. */
export function StateText({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className="state-text" data-tone={tone}>
      <Icon of={toneIcons[tone]} size={14} />
      {children}
    </span>
  );
}

/** A message in the page, next to what it is about. */
export function Notice({ tone, children, actions }: { tone: Tone; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="notice" data-tone={tone}>
      <Icon of={toneIcons[tone]} />
      <div className="notice-text">{children}</div>
      {actions && <div className="notice-actions">{actions}</div>}
    </div>
  );
}
