/**
 * Every address of the console: the patterns the router matches, the functions that build an address, and the search
 * parameters with their reading and printing. What cannot be read is dropped, never an error.
 */

import type { AuditAct, DeliveryOutcome, Idp, TenantOrder } from "./api/types";
import { type CauseCode, causeCodes } from "./messages/cause";

export const patterns = {
  home: "/",
  login: "/login",
  welcome: "/welcome",
  holder: "/setup",
  invite: "/invite",
  reset: "/reset",
  tenants: "/operator/tenants",
  system: "/operator/system",
  admins: "/operator/admins",
  serviceAudit: "/operator/audit",
  appRoles: "/operator/roles",
  me: "/me",
  reference: "/reference",
  tenant: "/t/$tenant",
  setup: "/t/$tenant/setup",
  guide: "/t/$tenant/setup/$idp",
  credentials: "/t/$tenant/credentials",
  users: "/t/$tenant/users",
  user: "/t/$tenant/users/$user",
  groups: "/t/$tenant/groups",
  group: "/t/$tenant/groups/$group",
  who: "/t/$tenant/who",
  log: "/t/$tenant/log",
  logEvent: "/t/$tenant/log/$event",
  health: "/t/$tenant/health",
  changes: "/t/$tenant/changes",
  audit: "/t/$tenant/audit",
  settings: "/t/$tenant/settings",
  access: "/t/$tenant/access",
  webhooks: "/t/$tenant/webhooks",
  webhook: "/t/$tenant/webhooks/$webhook",
  developers: "/t/$tenant/developers",
} as const;

/** The identity providers that have a guide, in the order people are offered them. */
export const idpsOf = ["entra", "okta", "onelogin", "jumpcloud", "other"] as const satisfies readonly Idp[];

export const outcomes = ["accepted", "rejected", "failed"] as const;
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export const spans = ["1h", "24h", "7d", "30d"] as const;
export const statusClasses = ["2", "4", "5"] as const;
/** How long a request took at least, in milliseconds. */
export const durations = ["100", "500", "1000", "5000"] as const;
export const resourceTypes = ["User", "Group"] as const;
/** What can happen to people and groups, as changes name it. */
export const changeTypes = [
  "user.created",
  "user.updated",
  "user.deactivated",
  "user.reactivated",
  "user.deleted",
  "user.roles_changed",
  "group.created",
  "group.updated",
  "group.members_changed",
  "group.deleted",
] as const;
/** What became of a delivery. */
export const deliveryOutcomes = [
  "delivered",
  "refused",
  "failed",
  "blocked",
] as const satisfies readonly DeliveryOutcome[];
export const eventTabs = ["event", "request", "answer"] as const;
export const userTabs = ["history", "attributes", "groups", "roles", "raw"] as const;
/** What a story tells of unless it is switched off; reads are told only where they are asked for. */
export const storyKinds = ["changes", "memberships", "refusals", "vain"] as const;
/** For how long people may have changed last. */
export const changedSpans = ["24h", "7d"] as const;
export const groupTabs = ["members", "waiting", "history", "raw"] as const;

/** Why a sign-in at the other service came to nothing; it leads back here with this word. */
export const signInErrors = ["provider_refused", "provider_unknown_person", "provider_not_anew"] as const;

/** Every act the audit knows; one that is left out does not compile. */
export const acts = Object.keys({
  "session.started": true,
  "session.ended": true,
  "sign_in.refused": true,
  "operator.visited": true,
  "admin.created": true,
  "admin.changed": true,
  "admin.removed": true,
  "role.granted": true,
  "role.changed": true,
  "role.revoked": true,
  "invitation.sent": true,
  "invitation.revoked": true,
  "password.changed": true,
  "password_reset.issued": true,
  "totp.enabled": true,
  "totp.disabled": true,
  "recovery_codes.issued": true,
  "passkey.added": true,
  "passkey.removed": true,
  "provider.linked": true,
  "operator_link.issued": true,
  "tenant.created": true,
  "tenant.renamed": true,
  "tenant.slug_changed": true,
  "tenant.log_changed": true,
  "tenant.old_slug_dropped": true,
  "tenant.deleted": true,
  "tenant.suspended": true,
  "tenant.resumed": true,
  "tenant.ceiling_changed": true,
  "connection.created": true,
  "connection.changed": true,
  "connection.closed": true,
  "credential.issued": true,
  "credential.revoked": true,
  "credential.end_planned": true,
  "credential.end_called_off": true,
  "api_key.issued": true,
  "api_key.revoked": true,
  "leaked_token.revoked": true,
  "setup_link.created": true,
  "setup_link.opened": true,
  "setup_link.finished": true,
  "setup_link.revoked": true,
  "oauth_client.changed": true,
  "client_secret.issued": true,
  "client_secret.revoked": true,
  "signing_key.rotated": true,
  "schema.registered": true,
  "schema.replaced": true,
  "schema.dropped": true,
  "reader.forgotten": true,
  "webhook.created": true,
  "webhook.changed": true,
  "webhook.deleted": true,
  "webhook.secret_rotated": true,
  "webhook.replayed": true,
  "app_role.created": true,
  "app_role.changed": true,
  "app_role.deleted": true,
  "app_role.mapped": true,
  "app_role.unmapped": true,
} satisfies Record<AuditAct, true>) as AuditAct[];

export type Span = (typeof spans)[number];

/** The filters of the sync log and, as `tab`, the open view of a request. */
export type LogSearch = LogFilter & { tab?: (typeof eventTabs)[number] };

/** Filters of the sync log. `span` is relative; `from` and `to` are fixed, in UTC, and win over it. */
export type LogFilter = {
  outcome?: (typeof outcomes)[number];
  method?: (typeof methods)[number];
  type?: (typeof resourceTypes)[number];
  status?: (typeof statusClasses)[number];
  cause?: CauseCode;
  idp?: Idp;
  over?: (typeof durations)[number];
  connection?: string;
  credential?: string;
  resource?: string;
  span?: Span;
  from?: string;
  to?: string;
  q?: string;
};

/** Filters of the audit; `sel` is the number of the entry that is open. */
export type AuditSearch = { act?: AuditAct; actor?: string; subject?: string; span?: Span; sel?: string };

/** Filters of the changes; `sel` is the number of the one that is open. */
export type ChangesSearch = {
  type?: (typeof changeTypes)[number];
  of?: (typeof resourceTypes)[number];
  resource?: string;
  sel?: string;
};
/** Filters of a webhook's deliveries; `sel` is the id of the one that is open. */
export type WebhookSearch = { outcome?: DeliveryOutcome; resource?: string; sel?: string };

export const standings = ["failing", "silent", "not_connected", "suspended", "waiting", "working"] as const;
/** What tenants are sorted by; each with whether the greatest come first. */
export const tenantOrders = [
  "name",
  "slug",
  "idp",
  "people",
  "groups",
  "requests",
  "refused",
  "lastRequest",
  "credentialEnd",
  "standing",
] as const satisfies readonly TenantOrder[];
export type TenantsSearch = {
  q?: string;
  standing?: (typeof standings)[number];
  sort?: (typeof tenantOrders)[number];
  /** The other way round. */
  desc?: "1";
};
export type UsersSearch = {
  q?: string;
  active?: "true" | "false";
  changed?: (typeof changedSpans)[number];
  groups?: "none";
};
export type GroupsSearch = { q?: string };
/** What of a story is left out, and whether reads are told as well. */
export type StorySearch = { [K in (typeof storyKinds)[number]]?: "0" } & { reads?: "1" };
export type UserSearch = StorySearch & { tab?: (typeof userTabs)[number] };
export type GroupSearch = StorySearch & { tab?: (typeof groupTabs)[number]; q?: string };
/** `of` is a name or an id that somebody has, had or never had. */
export type WhoSearch = StorySearch & { of?: string };
/** `step` is the open step of a guide, `since` from when on it counts what arrived. */
export type SetupSearch = { connection?: string | undefined; step?: string | undefined; since?: string | undefined };
export type CredentialsSearch = { new?: "1"; client?: string };
export type LoginSearch = { next?: string; error?: (typeof signInErrors)[number] };

type Raw = Record<string, unknown>;

const text = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value : undefined);

const oneOf = <T extends string>(choices: readonly T[], value: unknown): T | undefined =>
  choices.find((choice) => choice === value);

const numeral = (value: unknown) => (typeof value === "string" && /^[1-9][0-9]{0,14}$/.test(value) ? value : undefined);

const id = (value: unknown) =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : undefined;

/** Whether it is an id of ours, and no name. */
export const isId = (value: string) => id(value) !== undefined;

const moment = (value: unknown) => {
  const given = text(value);
  if (given === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(given)) return undefined;
  const time = new Date(given);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

/** Only addresses of the console itself: one slash at the start, so that no link can lead elsewhere after sign-in. */
const ownAddress = (value: unknown) => {
  const given = text(value);
  return given && /^\/(?![/\\])/.test(given) && !/[\n\r\t\\]/.test(given) ? given : undefined;
};

const story = (raw: Raw): StorySearch => ({
  ...Object.fromEntries(storyKinds.map((kind) => [kind, oneOf(["0"], raw[kind])])),
  reads: oneOf(["1"], raw.reads),
});

export const searches = {
  log: (raw: Raw): LogSearch =>
    compact({
      outcome: oneOf(outcomes, raw.outcome),
      method: oneOf(methods, raw.method),
      type: oneOf(resourceTypes, raw.type),
      status: oneOf(statusClasses, raw.status),
      cause: oneOf(causeCodes, raw.cause),
      idp: oneOf(idpsOf, raw.idp),
      over: oneOf(durations, raw.over),
      connection: id(raw.connection),
      credential: id(raw.credential),
      resource: id(raw.resource),
      span: moment(raw.from) || moment(raw.to) ? undefined : oneOf(spans, raw.span),
      from: moment(raw.from),
      to: moment(raw.to),
      q: text(raw.q),
      tab: oneOf(eventTabs, raw.tab),
    }),
  audit: (raw: Raw): AuditSearch =>
    compact({
      act: oneOf(acts, raw.act),
      actor: id(raw.actor),
      subject: id(raw.subject),
      span: oneOf(spans, raw.span),
      sel: numeral(raw.sel),
    }),
  changes: (raw: Raw): ChangesSearch =>
    compact({
      type: oneOf(changeTypes, raw.type),
      of: oneOf(resourceTypes, raw.of),
      resource: id(raw.resource),
      sel: numeral(raw.sel),
    }),
  webhook: (raw: Raw): WebhookSearch =>
    compact({ outcome: oneOf(deliveryOutcomes, raw.outcome), resource: id(raw.resource), sel: id(raw.sel) }),
  tenants: (raw: Raw): TenantsSearch =>
    compact({
      q: text(raw.q),
      standing: oneOf(standings, raw.standing),
      sort: oneOf(tenantOrders, raw.sort),
      desc: oneOf(["1"], raw.desc),
    }),
  users: (raw: Raw): UsersSearch =>
    compact({
      q: text(raw.q),
      active: oneOf(["true", "false"], raw.active),
      changed: oneOf(changedSpans, raw.changed),
      groups: oneOf(["none"], raw.groups),
    }),
  groups: (raw: Raw): GroupsSearch => compact({ q: text(raw.q) }),
  user: (raw: Raw): UserSearch => compact({ tab: oneOf(userTabs, raw.tab), ...story(raw) }),
  group: (raw: Raw): GroupSearch => compact({ tab: oneOf(groupTabs, raw.tab), q: text(raw.q), ...story(raw) }),
  story: (raw: Raw): StorySearch => compact(story(raw)),
  who: (raw: Raw): WhoSearch => compact({ of: text(raw.of)?.trim(), ...story(raw) }),
  setup: (raw: Raw): SetupSearch =>
    compact({ connection: id(raw.connection), step: numeral(raw.step), since: moment(raw.since) }),
  /** `new` opens the dialog that creates one, `client` that of an OAuth client's secrets. */
  credentials: (raw: Raw): CredentialsSearch => compact({ new: oneOf(["1"], raw.new), client: id(raw.client) }),
  login: (raw: Raw): LoginSearch => compact({ next: ownAddress(raw.next), error: oneOf(signInErrors, raw.error) }),
};

/** Builds every address. */
export const routes = {
  home: () => "/",
  login: (search: LoginSearch = {}) => withSearch("/login", search),
  tenants: (search: TenantsSearch = {}) => withSearch("/operator/tenants", search),
  system: () => "/operator/system",
  admins: () => "/operator/admins",
  serviceAudit: (search: AuditSearch = {}) => withSearch("/operator/audit", search),
  appRoles: () => "/operator/roles",
  me: () => "/me",
  reference: () => "/reference",
  tenant: (tenant: string) => path("t", tenant),
  setup: (tenant: string) => path("t", tenant, "setup"),
  guide: (tenant: string, idp: string, search: SetupSearch = {}) => withSearch(path("t", tenant, "setup", idp), search),
  credentials: (tenant: string, search: CredentialsSearch = {}) => withSearch(path("t", tenant, "credentials"), search),
  users: (tenant: string, search: UsersSearch = {}) => withSearch(path("t", tenant, "users"), search),
  user: (tenant: string, user: string, search: UserSearch = {}) => withSearch(path("t", tenant, "users", user), search),
  groups: (tenant: string, search: GroupsSearch = {}) => withSearch(path("t", tenant, "groups"), search),
  group: (tenant: string, group: string, search: GroupSearch = {}) =>
    withSearch(path("t", tenant, "groups", group), search),
  who: (tenant: string, search: WhoSearch = {}) => withSearch(path("t", tenant, "who"), search),
  audit: (tenant: string, search: AuditSearch = {}) => withSearch(path("t", tenant, "audit"), search),
  health: (tenant: string) => path("t", tenant, "health"),
  settings: (tenant: string) => path("t", tenant, "settings"),
  developers: (tenant: string) => path("t", tenant, "developers"),
  access: (tenant: string) => path("t", tenant, "access"),
  changes: (tenant: string, search: ChangesSearch = {}) => withSearch(path("t", tenant, "changes"), search),
  webhooks: (tenant: string) => path("t", tenant, "webhooks"),
  webhook: (tenant: string, webhook: string, search: WebhookSearch = {}) =>
    withSearch(path("t", tenant, "webhooks", webhook), search),
  log: (tenant: string, search: LogSearch = {}) => withSearch(path("t", tenant, "log"), search),
  logEvent: (tenant: string, event: string, search: LogSearch = {}) =>
    withSearch(path("t", tenant, "log", event), search),
};

/** Prints search parameters as plain `name=value` pairs, in the order given, without the absent ones. */
export function printSearch(search: object): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const printed = parameters.toString();
  return printed === "" ? "" : `?${printed}`;
}

/** Reads search parameters; of a repeated one the last counts. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

function path(...segments: string[]): string {
  return `/${segments.map(encodeURIComponent).join("/")}`;
}

function withSearch(address: string, search: object): string {
  return address + printSearch(search);
}

function compact<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
