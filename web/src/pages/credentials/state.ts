/** How a credential stands, as the list shows it. */
import type { Credential } from "../../api/types";
import type { Tone } from "../../ui/Chip";

const DAY = 86_400_000;
const SOON = 30 * DAY;
const RECENT = 7 * DAY;

export type CredentialState = "active" | "ending" | "unused" | "ended" | "revoked";

export const stateTones: Record<CredentialState, Tone> = {
  active: "ok",
  ending: "warn",
  unused: "info",
  ended: "plain",
  revoked: "bad",
};

export function stateOf(credential: Credential, now: number): CredentialState {
  if (credential.state !== "active") return credential.state;
  if (credential.endsAt !== undefined) {
    const left = Date.parse(credential.endsAt) - now;
    if (left <= 0) return "ended";
    if (left < SOON) return "ending";
  }
  return credential.lastUsed === undefined ? "unused" : "active";
}

/** Whether revoking it would stop somebody: then its name has to be typed. */
export function recentlyUsed(credential: Credential, now: number): boolean {
  return credential.lastUsed !== undefined && now - Date.parse(credential.lastUsed.at) < RECENT;
}
