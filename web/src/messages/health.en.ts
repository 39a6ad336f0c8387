/** English texts about how connections are doing, and what their requests add up to. */
import type { Idp } from "../api/types";
import { enRemedies } from "./remedies.en";
import { enRepairs } from "./repairs.en";

const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

type Form = Intl.DateTimeFormatOptions;
const forms = { hour: { hour: "2-digit", minute: "2-digit" }, weekday: { weekday: "short" } } satisfies Record<
  string,
  Form
>;
const day = { weekday: "short", day: "numeric", month: "short" } satisfies Form;
const print = (at: Date, form: Form, utc: boolean) =>
  new Intl.DateTimeFormat("en-GB", utc ? { ...form, timeZone: "UTC" } : form).format(at);

export const enHealth = {
  attention: {
    title: text("Needs attention"),
    hint: text("last 24 hours"),
    see: text("See them"),
    /** Those that still stand, of all of the day. */
    problems: (open: number, all: number) =>
      open < all ? `${number.format(open)} of ${count(all, "request", "requests")}` : count(all, "request", "requests"),
    nameless: text("No reason is known"),
    unresolved: (n: number) => `${count(n, "member", "members")} the IdP named ${n === 1 ? "is" : "are"} not here yet`,
    more: (n: number) => `and ${count(n, "more group", "more groups")}`,
    parked: (n: number) => `${count(n, "webhook was", "webhooks were")} given up: nothing is sent any more`,
    failing: (n: number) => `${count(n, "webhook gets", "webhooks get")} nothing through at present`,
    names: (names: string[], more: number) => names.join(", ") + (more > 0 ? ` and ${number.format(more)} more` : ""),
  },

  chart: {
    title: text("Requests per hour"),
    whole: text("Last 48 hours"),
    asTable: text("Show as table"),
    none: text("Nothing came in the last 48 hours."),
    hour: text("Hour"),
    openHour: text("Show them in the log"),
    /** One hour; the present one has no end yet. */
    span: (from: Date, to: Date | undefined, utc: boolean) =>
      `${print(from, day, utc)}, ${print(from, forms.hour, utc)} to ${to ? print(to, forms.hour, utc) : "now"}`,
    start: (from: Date, utc: boolean) => `${print(from, day, utc)}, ${print(from, forms.hour, utc)}`,
    clock: (at: Date, utc: boolean) => print(at, forms.hour, utc),
    weekday: (at: Date, utc: boolean) => print(at, forms.weekday, utc),
    summary: (sum: {
      all: number;
      accepted: number;
      rejected: number;
      failed: number;
      most: string;
      peak: number;
      empty: number;
    }) =>
      `${count(sum.all, "request", "requests")} in the last 48 hours: ${number.format(sum.accepted)} accepted, ${number.format(sum.rejected)} rejected, ${number.format(sum.failed)} failed. Most in one hour: ${number.format(sum.peak)}, ${sum.most}. Hours without any: ${number.format(sum.empty)}. Arrow keys go from hour to hour, Enter opens its requests in the log.`,
  },

  health: {
    title: text("Health"),
    lead: text("How each connection keeps arriving, and what had to be rewritten of what it sends."),
    connections: text("Connections"),
    more: text("Their health"),
    emptyTitle: text("No open connection"),
    empty: text("How a connection is doing shows here once there is one."),
    toSetup: text("Set up"),
    requests: text("Its requests"),
    idp: text("IdP"),
    looksLike: (idp: string) => `requests look like ${idp}`,
    lastRequest: text("Last request"),
    rhythm: text("Rhythm"),
    every: (seconds: number) => `about every ${interval(seconds)}`,
    silentAfter: (seconds: number) => `silent after ${lasting(seconds)}`,
    noRhythm: text("not known yet; it takes six cycles"),
    ending: text("Ends soon"),
    ends: text("ends"),
    secretOf: (client: string) => `a secret of ${client}`,
    kinds: {
      bearer_token: (name: string) => `the token ${name}`,
      oauth_client: (name: string) => `the OAuth client ${name}`,
    },
    rules: text("Deviations from SCIM"),
    strict: text("refused, as the connection is strict"),
    lenient: text("repaired where the meaning is plain"),

    cycles: text("Newest cycles"),
    cyclesHint: text("A cycle ends when nothing has come for ten minutes."),
    noCycle: text("No request came yet."),
    started: text("Started"),
    took: text("Took"),
    running: text("running"),
    changes: text("Changes"),
    duration: (seconds: number) => (seconds < 1 ? "under 1 s" : lasting(seconds)),

    silentTitle: text("Nothing has come for longer than is usual"),
    silent: {
      entra: text(
        "In Entra: Enterprise applications, your app, Provisioning: check that provisioning is on and what its last cycle says.",
      ),
      okta: text(
        "In Okta: your app, Provisioning, Integration: check that it is on, then look at the app's tasks for errors.",
      ),
      onelogin: text(
        "In OneLogin: your app, Provisioning: check that it is enabled, then look at the events of the app.",
      ),
      jumpcloud: text("In JumpCloud: your app, Identity Management: check that it is active and shows no error."),
      other: text("In the IdP: check that provisioning is on and shows no error."),
    } satisfies Record<Idp, string>,
    late: (readers: number) =>
      `${count(readers, "reader of the changes is", "readers of the changes are")} late: your app has not applied changes within the time that is set.`,
    toChanges: text("Go to changes"),
    failingTitle: text("Half or more of the newest cycle was refused or failed"),
    failing: text("The causes and what to do stand with the requests."),
    toRefused: text("Show what was refused"),

    nearTitle: text("Microsoft Entra may put this connection into quarantine"),
    beyondTitle: text("Beyond the limits from which Microsoft Entra puts a connection into quarantine"),
    quarantine: (refused: number, requests: number) =>
      `${number.format(refused)} of ${count(requests, "request", "requests")} in the newest cycle were refused or failed. Entra's limits: from 5,000 on, when they are more than 40 % of a cycle, or from 40,000 on; those to set a manager or a member alone count only towards 60,000 of all. In quarantine Entra comes once a day at most, and after four weeks not at all.`,
    quarantineSteps: [
      text("Open what was refused and mend the cause that is named there, the most frequent one first."),
      text(
        "Then in Entra: Enterprise applications, your app, Provisioning: choose Restart provisioning, which ends a quarantine.",
      ),
    ],

    repairs: text("Repairs in 30 days"),
    rule: enRepairs,
    remedy: enRemedies,
    times: (n: number) => (n === 1 ? "once" : `${number.format(n)} times`),
    last: text("last"),
    example: text("Example"),
    noRepair: text("Nothing had to be rewritten."),
    wouldBreak: text("If this connection were strict, these would be refused."),
    wouldNotBreak: text("If this connection were strict, nothing of what it sent would be refused for that."),
    isStrict: text("The connection is strict now: what would have to be rewritten is refused."),
  },
};

/** A length of time in one or two units. */
function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 48) return count(Math.round(hours / 24), "day", "days");
  const minutes = Math.round((seconds % 3_600) / 60);
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** A length of time in words, after "every", in the unit that says it shortest. */
function interval(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 100 && Math.abs(minutes - 60) > 5) return many(minutes, "minute");
  if (minutes < 22 * 60) return many(Math.round(minutes / 60), "hour");
  return many(Math.round(minutes / 1_440), "day");
}

const many = (n: number, unit: string) => (n === 1 ? unit : `${number.format(n)} ${unit}s`);

export type HealthTexts = typeof enHealth;
