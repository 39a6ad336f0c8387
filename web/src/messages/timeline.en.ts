/** English texts of stories: what happened to somebody, by any name. */
import { enHappened } from "./happened.en";
import { enRemedies } from "./remedies.en";

const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;

const zone = (utc: boolean) => (utc ? { timeZone: "UTC" } : {});

/** A time in its greatest unit, of which there is at least one. */
function span(seconds: number): string {
  if (seconds < 60) return `${number.format(seconds)} s`;
  if (seconds < 3600) return `${number.format(Math.floor(seconds / 60))} min`;
  if (seconds < 86_400) return `${number.format(Math.floor(seconds / 3600))} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 day" : `${number.format(days)} days`;
}

export const enTimeline = {
  ...enHappened,
  remedy: enRemedies,
  story: {
    title: text("What happened"),
    shown: text("What is shown"),
    kinds: {
      changes: text("Changes"),
      memberships: text("Memberships"),
      refusals: text("Refusals"),
      vain: text("Vain look-ups"),
      reads: text("Reads"),
    },
    inLog: text("Show in sync log"),
    today: text("Today"),
    yesterday: text("Yesterday"),
    day: (at: Date, utc: boolean) =>
      new Intl.DateTimeFormat("en-GB", {
        weekday: "long",
        day: "numeric",
        month: "long",
        year: "numeric",
        ...zone(utc),
      }).format(at),
    clock: (at: Date, utc: boolean) =>
      new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", ...zone(utc) }).format(at),
    attributes: (n: number) => (n === 1 ? "1 attribute" : `${number.format(n)} attributes`),
    unchanged: ({ who, whom }: { who: string; whom: string }) => `${who} sent ${whom} again: nothing to change`,
    read: ({ who, whom }: { who: string; whom: string }) => `${who} looked up ${whom}`,
    acknowledged: ({ name, seconds }: { name: string; seconds: number }) =>
      `${name} acknowledged after ${span(seconds)}`,
    sent: text("Sent to webhooks"),
    deliveries: {
      delivered: ({ status, millis, attempts }: { status?: number; millis?: number; attempts: number }) =>
        `answered ${status ?? ""} in ${number.format(millis ?? 0)} ms${attempts > 1 ? `, at try ${number.format(attempts)}` : ""}`,
      waiting: text("waits for its turn"),
      paused: text("waits: the webhook is paused"),
      parked: text("waits: the webhook is parked"),
      past: text("no try is kept any more, or its filter held it back"),
    },
    tried: ({ attempts, reason }: { attempts: number; reason: string }) =>
      `${attempts === 1 ? "tried once" : `tried ${number.format(attempts)} times`}: ${reason}`,
    triedNext: text("Tried again"),
    stuck: (name: string) => `${name} does not have it yet`,
    groupEnded: ({ who, whom, group }: { who: string; whom: string; group: string }) =>
      `${whom} left ${group}, which ${who} deleted`,
    todo: text("What to do"),
    avoid: text("How to avoid it"),
    holder: text("Who holds it"),
    request: text("Request"),
    openGroup: (name: string) => `Open ${name}`,
    earlier: text("Load earlier"),
    emptyTitle: text("Nothing is kept"),
    empty: {
      user: text("No change of this person is kept."),
      group: text("No change of this group is kept."),
      name: text("No request in the sync log carries this name, and no change does."),
    },
    emptyChanges: text("No change carries this name."),
    hidden: text("What is loaded has nothing of what is shown."),
  },

  gone: {
    request: text("Show the request"),
  },

  who: {
    screen: text("What happened"),
    ask: text("What happened to somebody?"),
    lead: text(
      "Any name counts, of today or long ago, also of somebody who was never created: userName, e-mail, externalId, a group's name, an id of a person, group or request.",
    ),
    field: text("Name or id"),
    another: text("Another name or id"),
    find: text("Find"),
    nobody: text("Nobody here has or had this name."),
    nothing: text("Nothing here has or had this id."),
    one: (name: string) => `${name} had this name and is no longer here.`,
    several: text("Several have or had this name:"),
    here: text("Here"),
    away: text("Deleted"),
    inUsers: text("Search in Users"),
  },

  palette: {
    title: text("Find a person, group or request"),
    hint: text("A userName, e-mail, externalId or group's name, whole, or an id of a person, group or request."),
    places: text("Screens and tenants"),
    cancel: text("Cancel"),
  },
};

export type TimelineTexts = typeof enTimeline;
