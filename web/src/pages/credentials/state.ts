/** How a credential stands, as the list shows it. */
import type { ClientSecret, Credential } from "../../api/types";
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

/** What tells how something stands that opens a door: a credential, an API key. */
type Standing = Pick<Credential, "state" | "endsAt"> & { lastUsed?: { at: string } };

export function stateOf(credential: Standing, now: number): CredentialState {
  return standing(credential, credential.lastUsed?.at, now);
}

/** The same of a client's secret. */
export function secretStateOf(secret: ClientSecret, now: number): CredentialState {
  return standing(secret, secret.lastUsedAt, now);
}

function standing(
  { state, endsAt }: Pick<Credential, "state" | "endsAt">,
  lastUsed: string | undefined,
  now: number,
): CredentialState {
  if (state !== "active") return state;
  if (endsAt !== undefined) {
    const left = Date.parse(endsAt) - now;
    if (left <= 0) return "ended";
    if (left < SOON) return "ending";
  }
  return lastUsed === undefined ? "unused" : "active";
}

/** Whether revoking it would stop somebody: then its name has to be typed. */
export function recentlyUsed(credential: Standing, now: number): boolean {
  return isRecent(credential.lastUsed?.at, now);
}

/** Whether a moment lies in the last seven days. */
export function isRecent(at: string | undefined, now: number): boolean {
  return at !== undefined && now - Date.parse(at) < RECENT;
}
