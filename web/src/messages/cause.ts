/** The form of a cause's text: what happened, what to do in order, who can. */
import type { Idp } from "../api/types";

export type CauseContext = {
  params: Record<string, string>;
  /** The IdP that asked, when we know it. */
  idp: Idp | undefined;
  /** Whom or what it was about. */
  who: string | undefined;
};

export type CauseText = {
  /** A headline for groups of the same cause. */
  short: string;
  /** What happened to whom, and why. */
  sentence: (context: CauseContext) => string;
  /** What to do, first step first. Empty when there is nothing to do. */
  steps: (context: CauseContext) => string[];
};

/** Every cause the service names. The test of this folder compares it with the API's list. */
export const causeCodes = [
  "token_missing",
  "token_malformed",
  "two_credentials",
  "token_unknown",
  "token_ended",
  "token_revoked",
  "token_of_another_tenant",
  "connection_closed",
  "client_unknown",
  "client_secret_wrong",
  "client_secret_ended",
  "client_secret_revoked",
  "assertion_mismatch",
  "assertion_refused",
  "trusted_keys_unreachable",
  "token_request",
  "read_only_token",
  "tenant_suspended",
  "unknown_route",
  "method_not_allowed",
  "content_type",
  "content_encoding",
  "body_too_large",
  "body_too_slow",
  "invalid_syntax",
  "invalid_version",
  "invalid_parameter",
  "invalid_cursor",
  "expired_cursor",
  "discovery_filtered",
  "invalid_filter",
  "invalid_path",
  "required_missing",
  "invalid_value",
  "mutability",
  "no_target",
  "too_many",
  "lost_reference",
  "incomplete_ring",
  "members_waiting",
  "uniqueness",
  "not_found",
  "stale",
  "repair_refused",
  "not_implemented",
  "too_fast",
  "unavailable",
  "internal",
] as const;

/** What a request can have too much of. The test of this folder compares it with the service's list. */
export const bounds = [
  "bulk_operations",
  "request_members",
  "group_members",
  "patch_operations",
  "list_changes",
  "list_comparisons",
  "list_values",
  "member_comparisons",
  "member_passes",
] as const;

/** The limits of how fast requests may come. */
export const paces = ["failures", "ceiling", "under_way", "turn"] as const;

/** What a limit allows, from its number as it is written. */
export type LimitTexts = {
  bounds: Record<(typeof bounds)[number], (limit: string) => string>;
  paces: Record<(typeof paces)[number], (limit: string) => string>;
};

/** The words of a limit; nothing for one that was kept without its name, or is newer than this console. */
export function limitText<K extends string>(
  texts: Record<K, (limit: string) => string>,
  name: string | undefined,
  limit: string | undefined,
  number: Intl.NumberFormat,
): string | undefined {
  if (name === undefined || !limit || !Object.hasOwn(texts, name)) return undefined;
  return texts[name as K](number.format(Number(limit)));
}

export type CauseCode = (typeof causeCodes)[number];

export type CauseTexts = Record<CauseCode, CauseText>;

/** The text of a code; nothing while the texts are on their way, and for a code newer than this console. */
export function causeText(texts: CauseTexts | undefined, code: string): CauseText | undefined {
  return texts && Object.hasOwn(texts, code) ? texts[code as CauseCode] : undefined;
}
