/** How a webhook and a delivery stand, as the lists show it. */
import type { DeliveryOutcome, Webhook } from "../../api/types";
import type { Tone } from "../../ui/Chip";

export type WebhookStanding = "parked" | "paused" | "failing" | "behind" | "working";

export const standingTones: Record<WebhookStanding, Tone> = {
  parked: "bad",
  paused: "plain",
  failing: "warn",
  behind: "info",
  working: "ok",
};

export const outcomeTones: Record<DeliveryOutcome, Tone> = {
  delivered: "ok",
  refused: "warn",
  failed: "bad",
  blocked: "bad",
};

export function standingOf({
  state,
  failure,
  waiting,
}: Pick<Webhook, "state" | "failure" | "waiting">): WebhookStanding {
  if (state !== "active") return state;
  if (failure) return "failing";
  return waiting > 0 ? "behind" : "working";
}

/** How many changes are sent again from after a number on; nothing when it is no number that the tenant has. */
export function againFrom(typed: string, lastSeq: number): number | undefined {
  if (!/^[0-9]{1,15}$/.test(typed.trim())) return undefined;
  const after = Number(typed);
  return after <= lastSeq ? lastSeq - after : undefined;
}
