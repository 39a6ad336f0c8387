/** English. The other languages have the type of this module. */

import type { Confidence } from "../api/types";
import type { TimeUnit } from "../ui/Time";
import type { Language } from ".";

const number = new Intl.NumberFormat("en");
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1, roundingMode: "floor" });
const dateTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const zoned = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });

const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

const units: Record<TimeUnit, [string, string]> = {
  second: ["s", "s"],
  minute: ["min", "min"],
  hour: ["h", "h"],
  day: ["day", "days"],
  month: ["month", "months"],
  year: ["year", "years"],
};

const text = (value: string): string => value;

export const en = {
  language: "en" as Language,
  product: text("Directory Sync"),
  number: (n: number) => number.format(n),

  time: {
    relative: (value: number, unit: TimeUnit) => {
      if (unit === "second" && Math.abs(value) < 5) return "just now";
      const distance = `${Math.abs(value)} ${units[unit][Math.abs(value) === 1 ? 0 : 1]}`;
      return value > 0 ? `in ${distance}` : `${distance} ago`;
    },
    local: (at: Date) => dateTime.format(at),
    exact: (at: Date) => zoned.format(at),
    never: text("never"),
    shown: text("Times"),
    choices: { relative: text("Relative"), local: text("Local"), utc: text("UTC") },
  },

  copy: {
    copy: text("Copy"),
    action: (what: string) => `Copy ${what}`,
    done: text("Copied"),
    refused: text("The browser refused. Select the value and copy it by keyboard."),
  },

  states: {
    loading: text("Loading"),
    retry: text("Retry"),
    requestId: text("Request id"),
    crashed: text("This page could not be shown."),
    crashedWhy: text("A newer version of the console may have been installed. Loading it again helps then."),
    more: text("Show more"),
    total: (n: number, what: string) => `${number.format(n)} ${what}`,
    loaded: (n: number, more: boolean) =>
      more ? `${number.format(n)} loaded, more below` : `${number.format(n)} in all`,
    keysMove: text("move"),
    keysOpen: text("open"),
  },

  filters: {
    label: text("Filters"),
    toggle: (set: number) => (set === 0 ? "Filters" : `Filters (${set})`),
    any: text("any"),
    clear: (what: string) => `Clear ${what}`,
    clearSearch: text("Clear search"),
    clearAll: text("Clear all filters"),
    nothing: text("Nothing matches"),
    nothingWhy: text("No entry matches what you filter for:"),
  },

  confirm: {
    cancel: text("Cancel"),
    type: (name: string) => `Type “${name}” to go on`,
  },

  failures: {
    codes: {
      unreachable: () => "The service does not answer. Check your connection, then try again.",
      sign_in_failed: () => "This e-mail and password do not belong together.",
      code_needed: () => "A code is needed too.",
      code_wrong: () => "This code is not good. A code of the app works once, for about half a minute.",
      passkey_refused: () => "This passkey is not known here any more, or did not prove itself.",
      no_passkeys: () => "Passkeys need a service that is reached by https and by name.",
      totp_on: () => "An authenticator app is set up already.",
      too_many_attempts: ({ retryAfter }: { retryAfter: number | undefined }) =>
        retryAfter === undefined
          ? "Too many attempts. Try again later."
          : `Too many attempts. Try again in ${retryAfter} s.`,
      too_fast: () => "Too many requests in a short time. Try again in a moment.",
      sign_in_again: () => "This needs a recent sign-in. Sign in, then try again.",
      not_signed_in: () => "You are signed out. Sign in again.",
      missing_header: () => "The request did not come from this console.",
      code_unknown: () => "This link has been used or has expired.",
      slug_taken: () => "Another tenant has this short name already.",
      slug_held: () => "This short name was let go less than 90 days ago and is still held for the tenant that had it.",
      too_many_slugs: () =>
        "This tenant has had too many short names. One that was dropped more than 90 days ago makes room; its own earlier ones can be taken back.",
      email_taken: () => "Somebody has this e-mail address already.",
      connection_closed: () => "This connection is closed. Make a new one.",
      too_many_secrets: () => "This client has as many secrets as it may have. Revoke one that is no longer used.",
      yourself: () => "You cannot do this to yourself. Somebody else who may can do it.",
      too_many_checks: ({ retryAfter }: { retryAfter: number | undefined }) =>
        `Checked often enough for now. Try again in ${retryAfter ?? 60} s.`,
      too_many_at_once: () => "This tenant has enough under way that takes long. Try again in a moment.",
      too_many_messages: ({ retryAfter }: { retryAfter: number | undefined }) =>
        `Sent often enough for now. Try again in ${retryAfter ?? 60} s.`,
      too_many_webhooks: () => "This tenant has as many webhooks as it may have. Remove one that is no longer used.",
      last_operator: () => "This is the last operator. Make somebody else an operator first.",
      other_person: () => "This invitation is for somebody else.",
      role_taken: () => "There is a role with this key already.",
      role_mapped: () => "Groups still give this role. Remove those mappings first, in every tenant.",
      changes_removed: () => "What came after this change is no longer kept. Begin with a snapshot.",
      too_many_keys: () => "There are as many API keys as there may be. Revoke one that is no longer used.",
      invalid: () => "Something in the form is not right.",
      not_found: () => "There is nothing here.",
      forbidden: () => "You may not do this.",
      unavailable: () => "The service is busy. Try again in a moment.",
    },
    ofStatus: (status: number): string => {
      if (status === 0) return "The service's answer could not be read.";
      if (status === 403) return "You may not do this.";
      if (status === 404) return "There is nothing here.";
      if (status === 429) return "Too many requests. Try again in a moment.";
      return status >= 500 ? "The service failed. Nothing was half done." : "The service refused this.";
    },
    field: (_field: string, message: string) => message,
  },

  frame: {
    skip: text("Skip to the page"),
    menu: text("Menu"),
    closeMenu: text("Close menu"),
  },

  menu: {
    label: text("Main menu"),
    connect: text("Connect"),
    directory: text("Directory"),
    activity: text("Activity"),
    service: text("Service"),
    build: text("Build"),
    overview: text("Overview"),
    setup: text("Set up"),
    credentials: text("Credentials"),
    users: text("Users"),
    groups: text("Groups"),
    access: text("Access"),
    log: text("Sync log"),
    changes: text("Changes"),
    health: text("Health"),
    audit: text("Audit"),
    serviceAudit: text("Service audit"),
    settings: text("Settings"),
    tenant: text("This tenant"),
    tenants: text("Tenants"),
    people: text("People"),
    appRoles: text("App roles"),
    webhooks: text("Webhooks"),
    developers: text("Developers"),
    system: text("System"),
    reference: text("API reference"),
    me: text("You"),
    preferences: text("My account"),
    signOut: text("Sign out"),
    light: text("Light theme"),
    dark: text("Dark theme"),
    find: text("Find"),
    help: text("Keys"),
  },

  switcher: {
    label: text("Tenant"),
    choose: text("Choose a tenant"),
    find: text("Find a tenant"),
    none: (typed: string) => (typed === "" ? "No tenant yet." : `No tenant matches “${typed}”.`),
  },

  banner: {
    unreachable: text("The service does not answer. What you see may be old. Since"),
    retry: text("Try now"),
    sessionEnds: text("Your session ends"),
    signInAgain: text("Sign in again"),
    visiting: (tenant: string) => `You visit ${tenant} as operator.`,
    credentialEnds: (name: string) => `The credential “${name}” ends`,
    toCredentials: text("Go to credentials"),
    secretEnds: (name: string) => `A client secret of “${name}” ends`,
    toSecrets: text("Go to its secrets"),
    silent: text("The IdP has sent nothing for longer than is usual. Silent since"),
    toHealth: text("Look at its health"),
    suspended: text("This tenant is suspended: its SCIM door tells IdPs to come again later."),
    deleting: text("This tenant is being deleted. What it had is removed piece by piece."),
  },

  missing: {
    title: text("Nothing here"),
    what: text("This page does not exist, or you may not see it"),
    why: text("Check the address, or ask who sent it to you."),
    home: text("Go to the start"),
  },

  home: {
    title: text("Welcome"),
    noneTitle: text("You have no tenant yet"),
    none: text("Nobody has given you a role in a tenant. Ask the operator of this service."),
  },

  idps: {
    entra: text("Microsoft Entra ID"),
    okta: text("Okta"),
    onelogin: text("OneLogin"),
    jumpcloud: text("JumpCloud"),
    other: text("Other"),
  },
  /** An IdP with how sure it is that it is this one; sure goes without saying. */
  idpSeen: (idp: string, confidence: Confidence | undefined) =>
    confidence === "likely" ? `${idp} (likely)` : confidence === "guess" ? `${idp} (a guess)` : idp,
  idpsShort: {
    entra: text("Entra"),
    okta: text("Okta"),
    onelogin: text("OneLogin"),
    jumpcloud: text("JumpCloud"),
    other: text("Other"),
  },
  noIdp: text("none"),

  tenants: {
    title: text("Tenants"),
    search: text("Search name or short name"),
    create: text("New tenant"),
    name: text("Name"),
    idp: text("IdP"),
    people: text("People"),
    groups: text("Groups"),
    lastRequest: text("Last request"),
    credentialEnd: text("Credential"),
    ends: text("ends"),
    state: text("State"),
    emptyTitle: text("No tenant yet"),
    empty: text("A tenant holds the directory of one customer company. Create the first one, then connect its IdP."),
    states: { active: text("Active"), suspended: text("Suspended"), deleting: text("Being deleted") },
    health: {
      not_connected: text("Not connected"),
      waiting: text("Waiting for first request"),
      working: text("Working"),
      failing: text("Failing"),
      silent: text("Silent"),
    },
    new: {
      title: text("New tenant"),
      name: text("Company name"),
      slug: text("Short name"),
      slugHint: (url: string) => `Part of the SCIM URL: ${url}`,
      slugWrong: text("Use a to z, 0 to 9 and single hyphens, up to 63 characters."),
      action: text("Create tenant"),
    },
  },

  overview: {
    title: text("Overview"),
    copyUrl: text("Copy SCIM URL"),
    newCredential: text("New credential"),
    scimUrl: text("SCIM URL"),
    lastRequest: text("last request"),
    noRequest: text("no request yet"),
    silentSince: text("silent since"),
    tokenEnds: (name: string) => `credential “${name}” ends`,
    secretEnds: (name: string) => `a client secret of “${name}” ends`,
    people: text("People"),
    peopleHint: (active: number, inactive: number) =>
      `${number.format(active)} active, ${number.format(inactive)} inactive`,
    groups: text("Groups"),
    requests: text("Requests, 24 h"),
    requestsHint: (accepted: number, all: number) => `${percent.format(accepted / all)} accepted`,
    noRequests: text("nothing came"),
    answered: text("19 of 20 answered within"),
    milliseconds: (ms: number) => `${number.format(ms)} ms`,
    answeredHint: (half: number) => `half of them within ${number.format(half)} ms`,
    latest: text("Latest changes"),
    noChange: text("No change yet. They stand here as soon as the IdP writes somebody."),
    steps: {
      title: text("Connect the IdP"),
      lead: text("Three steps from here to the first person."),
      credentialTitle: text("Choose your IdP"),
      credential: text("Its guide issues the token and ticks what really arrives."),
      toSetup: text("Set up"),
      pasteTitle: text("Give the IdP the SCIM URL and the token"),
      paste: text("In the IdP's provisioning settings, paste both and choose its test of the connection."),
      listenTitle: text("See the first request arrive"),
      listen: text("Everything the IdP sends, refused or not, stands in the sync log."),
      toLog: text("Open the sync log"),
      done: text("done"),
      waiting: text("We are listening. This page changes by itself."),
    },
  },

  users: {
    title: text("Users"),
    what: text("people"),
    search: text("Search name, e-mail, userName, externalId"),
    searchShort: text("Search name, e-mail, id"),
    active: text("State"),
    activeOf: { true: text("Active"), false: text("Inactive") },
    name: text("Name"),
    userName: text("userName"),
    email: text("E-mail"),
    state: text("State"),
    groups: text("Groups"),
    changed: text("Last change"),
    changedWithin: text("Changed"),
    spans: { "24h": text("In the last 24 hours"), "7d": text("In the last 7 days") },
    groupsOf: { none: text("In no group") },
    source: text("Source"),
    emptyTitle: text("Nobody here yet"),
    empty: text("People appear here when the IdP sends them. They are read only: the IdP owns them."),
    toCredentials: text("Connect the IdP"),
    whatHappened: (name: string) => `What happened to “${name}”?`,
  },

  user: {
    screen: text("User"),
    back: text("Users"),
    owner: (idp: string | undefined) =>
      idp === undefined
        ? "Read only: the IdP owns this record. Change it there."
        : `Read only: ${idp} owns this record. Change it there.`,
    active: text("Active"),
    inactive: text("Inactive"),
    id: text("Id"),
    externalId: text("externalId"),
    manager: text("Manager"),
    managerAway: text("not here yet"),
    created: text("Created"),
    changed: text("Last change"),
    version: text("Version"),
    tabs: {
      history: text("Timeline"),
      attributes: text("Attributes"),
      groups: text("Groups"),
      roles: text("Roles"),
      raw: text("Raw"),
    },
    tabsLabel: text("Views of this person"),
    core: text("Core attributes"),
    enterprise: text("Enterprise extension"),
    noGroup: text("In no group."),
    direct: text("direct"),
    indirect: text("through another group"),
    group: text("Group"),
    membership: text("Membership"),
    raw: text("SCIM resource"),
    yes: text("yes"),
    no: text("no"),
    primary: text("primary"),
  },

  groups: {
    title: text("Groups"),
    what: text("groups"),
    search: text("Search name or externalId"),
    name: text("Name"),
    members: text("Members"),
    externalId: text("externalId"),
    changed: text("Last change"),
    emptyTitle: text("No group yet"),
    empty: text("Groups appear here when the IdP sends them. They are read only: the IdP owns them."),
  },

  group: {
    screen: text("Group"),
    back: text("Groups"),
    tabsLabel: text("Views of this group"),
    tabs: { members: text("Members"), waiting: text("Not here yet"), history: text("Timeline"), raw: text("Raw") },
    members: (n: number) => count(n, "member", "members"),
    unresolved: (n: number, group: string) =>
      `${count(n, "member", "members")} of ${group} ${n === 1 ? "is" : "are"} not here yet. They join when the IdP sends them.`,
    seeWho: text("See who"),
    reference: text("Named as"),
    since: text("Since"),
    namedBy: text("Named by"),
    allHere: text("All members are here"),
    allHereHint: text("Members whom the IdP names before it sends them stand here."),
    searchMember: text("Search a member"),
    member: text("Member"),
    userName: text("userName"),
    type: text("Kind"),
    types: { User: text("Person"), Group: text("Group") },
    state: text("State"),
    emptyTitle: text("Nobody in this group"),
    empty: text("Members appear here when the IdP adds them."),
    raw: text("SCIM resource without members"),
  },

  log: {
    title: text("Sync log"),
    what: text("requests"),
    time: text("Time"),
    status: text("Status"),
    request: text("Request"),
    happened: text("What happened"),
    credential: text("Credential"),
    duration: text("Duration"),
    milliseconds: (ms: number) => `${ms < 10 ? ms.toFixed(1) : number.format(Math.round(ms))} ms`,
    search: text("Search names and ids"),
    outcome: text("Outcome"),
    outcomes: { accepted: text("Accepted"), rejected: text("Rejected"), failed: text("Failed") },
    method: text("Verb"),
    type: text("About"),
    types: { User: text("Users"), Group: text("Groups") },
    class: text("Status"),
    classes: { "2": text("2xx accepted"), "4": text("4xx refused"), "5": text("5xx failed") },
    span: text("Time"),
    spans: { "1h": text("last hour"), "24h": text("24 hours"), "7d": text("7 days"), "30d": text("30 days") },
    custom: text("from … to …"),
    from: text("From"),
    to: text("To"),
    oneResource: text("One person or group"),
    cause: text("Cause"),
    live: text("Live"),
    paused: text("Paused"),
    pause: text("Pause"),
    resume: text("Resume"),
    fresh: (n: number, many: boolean) => `${number.format(n)}${many ? "+" : ""} new`,
    emptyTitle: text("No request yet"),
    empty: text("Every request at this address stands here, refused ones too:"),
    toCredentials: text("Create a credential"),
  },

  event: {
    screen: text("Request"),
    close: text("Close"),
    back: text("Sync log"),
    why: text("Why"),
    todo: text("What to do"),
    facts: text("Request"),
    time: text("Time"),
    scimType: text("scimType"),
    operation: text("Asked for"),
    query: text("Query"),
    idp: text("IdP"),
    credential: text("Credential"),
    address: text("From"),
    userAgent: text("User agent"),
    duration: text("Took"),
    requestId: text("Request id"),
    identifiers: text("Names seen"),
    repairs: text("Repairs we made"),
    repair: (sent: string, read: string) => ({ sent, read, between: "read as" }),
    changes: text("What it changed"),
    noChange: text("It changed nothing."),
    open: (name: string) => `Open ${name}`,
    similar: text("All about this one"),
    copyLink: text("Copy link"),
    copyNote: text("Copy support note"),
  },

  changes: {
    idp: text("the IdP"),
    actors: { admin: text("An admin"), system: text("Directory Sync"), connection: text("The IdP") },
    nameless: text("somebody"),
    sentences: {
      "user.created": ({ who, what }: { who: string; what: string }) => `${who} created ${what}`,
      "user.updated": ({ who, what }: { who: string; what: string }) => `${who} changed ${what}`,
      "user.deactivated": ({ who, what }: { who: string; what: string }) => `${who} deactivated ${what}`,
      "user.reactivated": ({ who, what }: { who: string; what: string }) => `${who} reactivated ${what}`,
      "user.deleted": ({ who, what }: { who: string; what: string }) => `${who} deleted ${what}`,
      "user.restored": ({ who, what }: { who: string; what: string }) => `${who} restored ${what}`,
      "group.created": ({ who, what }: { who: string; what: string }) => `${who} created the group ${what}`,
      "group.updated": ({ who, what }: { who: string; what: string }) => `${who} changed the group ${what}`,
      "group.deleted": ({ who, what }: { who: string; what: string }) => `${who} deleted the group ${what}`,
      "group.restored": ({ who, what }: { who: string; what: string }) => `${who} restored the group ${what}`,
    },
    members: ({ who, group, added, removed, only, left }: MembersChanged) => {
      if (only) return `${who} added ${only} to ${group}`;
      if (left) return `${who} removed ${left} from ${group}`;
      if (removed === 0) return `${who} added ${count(added, "member", "members")} to ${group}`;
      if (added === 0) return `${who} removed ${count(removed, "member", "members")} from ${group}`;
      return `${who} added ${number.format(added)} and removed ${number.format(removed)} members of ${group}`;
    },
    roles: ({ who, what, added, removed }: RolesChanged) => {
      const named = (roles: string[]) => `the ${roles.length === 1 ? "role" : "roles"} ${roles.join(", ")}`;
      if (removed.length === 0) return `${who} gave ${what} ${named(added)}`;
      if (added.length === 0) return `${who} took ${named(removed)} from ${what}`;
      return `${who} gave ${what} ${named(added)} and took ${named(removed)}`;
    },
    other: ({ who, what, type }: { who: string; what: string; type: string }) => `${who}: ${type} ${what}`,
    added: text("Added"),
    removed: text("Removed"),
    more: (n: number) => `and ${number.format(n)} more`,
    open: (name: string) => `Open ${name}`,
  },

  diff: {
    attribute: text("Attribute"),
    before: text("Before"),
    after: text("After"),
    absent: text("absent"),
    nothing: text("No attribute differs."),
  },

  system: {
    title: text("System"),
    version: text("Version"),
    database: text("Database"),
    databases: { sqlite: text("SQLite"), postgresql: text("PostgreSQL") },
    publicUrl: text("Public URL"),
    started: text("Running since"),
    tenants: text("Tenants"),
  },

  me: {
    title: text("My account"),
    lead: text("Kept in this browser."),
    profile: text("You"),
    name: text("Name"),
    email: text("E-mail"),
    role: text("Role"),
    operator: text("Operator of the service"),
    roles: { operator: text("operator"), admin: text("admin"), developer: text("developer"), viewer: text("viewer") },
    session: text("Session ends"),
    appearance: text("Appearance"),
    theme: text("Theme"),
    themes: { system: text("System"), light: text("Light"), dark: text("Dark") },
    language: text("Language"),
    languages: { system: text("Browser"), en: text("English"), de: text("Deutsch") },
    density: text("Rows"),
    densities: { compact: text("Compact"), comfortable: text("Comfortable") },
    singleKeys: text("Single keys"),
    singleKeysHint: text("J, K, / and the others act without a modifier."),
    signOut: text("Sign out"),
  },

  reference: {
    title: text("API reference"),
    lead: text(
      "Everything this console can do, a client of this API can do. Calls you try here run with your own rights.",
    ),
    document: text("OpenAPI document"),
    operations: text("Operations"),
  },
};

type RolesChanged = {
  who: string;
  what: string;
  /** Keys of roles. */
  added: string[];
  removed: string[];
};

type MembersChanged = {
  who: string;
  group: string;
  added: number;
  removed: number;
  /** Name of the one member that came, when it was only one. */
  only: string | undefined;
  left: string | undefined;
};

export type Messages = typeof en;
