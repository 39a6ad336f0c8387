/** Whose signatures prove an OAuth client: as it is typed, and as the API takes it. */
import type { ClientTrust, NewTrust } from "../../api/types";

export type KeysFrom = "address" | "set";

export type TrustDraft = {
  issuer: string;
  subject: string;
  audience: string;
  keys: KeysFrom;
  jwksUri: string;
  jwks: string;
};

/** What is wrong with the keys before the service has seen them. */
export type TrustFault = "noAddress" | "noJson" | "noSet" | "empty" | "private";

export const emptyTrust: TrustDraft = { issuer: "", subject: "", audience: "", keys: "address", jwksUri: "", jwks: "" };

/** A trust as it can be edited. The keys that an address gave are not ours to edit. */
export function draftOf({ issuer, subject, audience, jwksUri, jwks }: ClientTrust): TrustDraft {
  return jwksUri === undefined
    ? { issuer, subject, audience, keys: "set", jwksUri: "", jwks: JSON.stringify(jwks, null, 2) }
    : { issuer, subject, audience, keys: "address", jwksUri, jwks: "" };
}

/** What is sent; what was left empty is left out. A fault instead when the keys cannot be right. */
export function trustOf(draft: TrustDraft): { trust: NewTrust } | { fault: TrustFault } {
  const claims: NewTrust = {};
  for (const claim of ["issuer", "subject", "audience"] as const) {
    const typed = draft[claim].trim();
    if (typed !== "") claims[claim] = typed;
  }
  if (draft.keys === "address") {
    const jwksUri = draft.jwksUri.trim();
    return jwksUri === "" ? { fault: "noAddress" } : { trust: { ...claims, jwksUri } };
  }
  let jwks: unknown;
  try {
    jwks = JSON.parse(draft.jwks);
  } catch {
    return { fault: "noJson" };
  }
  const keys = keysOf(jwks);
  if (keys === undefined) return { fault: "noSet" };
  if (keys.length === 0) return { fault: "empty" };
  // A private key is not even sent.
  if (keys.some((key) => isObject(key) && ("d" in key || "k" in key))) return { fault: "private" };
  return { trust: { ...claims, jwks: jwks as Record<string, unknown> } };
}

/** The keys of a key set; undefined when it is none. */
export function keysOf(set: unknown): unknown[] | undefined {
  return isObject(set) && "keys" in set && Array.isArray(set.keys) ? set.keys : undefined;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
