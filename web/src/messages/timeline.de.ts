/** Deutsche Texte. */
import { deHappened } from "./happened.de";
import { deRemedies } from "./remedies.de";
import type { TimelineTexts } from "./timeline.en";

const number = new Intl.NumberFormat("de");

const zone = (utc: boolean) => (utc ? { timeZone: "UTC" } : {});

function span(seconds: number): string {
  if (seconds < 60) return `${number.format(seconds)} s`;
  if (seconds < 3600) return `${number.format(Math.floor(seconds / 60))} min`;
  if (seconds < 86_400) return `${number.format(Math.floor(seconds / 3600))} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 Tag" : `${number.format(days)} Tagen`;
}

export const deTimeline: TimelineTexts = {
  ...deHappened,
  remedy: deRemedies,
  story: {
    title: "Was geschah",
    shown: "Was gezeigt wird",
    kinds: {
      changes: "Änderungen",
      memberships: "Mitgliedschaften",
      refusals: "Ablehnungen",
      vain: "Vergebliche Suchen",
      reads: "Lesezugriffe",
    },
    inLog: "Im Sync-Protokoll zeigen",
    today: "Heute",
    yesterday: "Gestern",
    day: (at, utc) =>
      new Intl.DateTimeFormat("de", {
        weekday: "long",
        day: "numeric",
        month: "long",
        year: "numeric",
        ...zone(utc),
      }).format(at),
    clock: (at, utc) => new Intl.DateTimeFormat("de", { hour: "2-digit", minute: "2-digit", ...zone(utc) }).format(at),
    attributes: (n) => (n === 1 ? "1 Attribut" : `${number.format(n)} Attribute`),
    unchanged: ({ who, whom }) => `${who} sandte ${whom} noch einmal: nichts zu ändern`,
    read: ({ who, whom }) => `${who} suchte ${whom}`,
    acknowledged: ({ name, seconds }) => `${name} bestätigte nach ${span(seconds)}`,
    sent: "An Webhooks gesandt",
    deliveries: {
      delivered: ({ status, millis, attempts }) =>
        `antwortete ${status ?? ""} in ${number.format(millis ?? 0)} ms${attempts > 1 ? `, beim ${number.format(attempts)}. Versuch` : ""}`,
      waiting: "wartet, bis es an der Reihe ist",
      paused: "wartet: Der Webhook ist angehalten",
      parked: "wartet: Der Webhook ist stillgelegt",
      past: "kein Versuch ist mehr aufbewahrt, oder sein Filter hielt es zurück",
    },
    tried: ({ attempts, reason }) =>
      `${attempts === 1 ? "einmal versucht" : `${number.format(attempts)}-mal versucht`}: ${reason}`,
    triedNext: "Nächster Versuch",
    stuck: (name) => `${name} hat es noch nicht`,
    groupEnded: ({ who, whom, group }) => `${whom} verließ ${group}: ${who} hat die Gruppe gelöscht`,
    todo: "Was zu tun ist",
    avoid: "Wie es zu vermeiden ist",
    holder: "Wem er gehört",
    request: "Anfrage",
    openGroup: (name) => `${name} öffnen`,
    earlier: "Früheres laden",
    emptyTitle: "Nichts ist aufbewahrt",
    empty: {
      user: "Zu dieser Person ist keine Änderung aufbewahrt.",
      group: "Zu dieser Gruppe ist keine Änderung aufbewahrt.",
      name: "Keine Anfrage im Sync-Protokoll trägt diesen Namen, und keine Änderung.",
    },
    emptyChanges: "Keine Änderung trägt diesen Namen.",
    hidden: "Im Geladenen ist nichts von dem, was gezeigt wird.",
  },

  gone: {
    request: "Die Anfrage zeigen",
  },

  who: {
    screen: "Was geschah",
    ask: "Was geschah mit jemandem?",
    lead: "Jeder Name zählt, von heute oder von früher, auch der von jemandem, der nie angelegt wurde: userName, E-Mail, externalId, der Name einer Gruppe, die Kennung einer Person, Gruppe oder Anfrage.",
    field: "Name oder Kennung",
    another: "Anderer Name oder andere Kennung",
    find: "Finden",
    nobody: "Niemand hier hat oder hatte diesen Namen.",
    nothing: "Nichts hier hat oder hatte diese Kennung.",
    one: (name) => `${name} hatte diesen Namen und ist nicht mehr hier.`,
    several: "Mehrere haben oder hatten diesen Namen:",
    here: "Hier",
    away: "Gelöscht",
    inUsers: "In Personen suchen",
  },

  palette: {
    title: "Person, Gruppe oder Anfrage finden",
    hint: "Ein ganzer userName, eine E-Mail, externalId oder der Name einer Gruppe, oder die Kennung einer Person, Gruppe oder Anfrage.",
    places: "Seiten und Mandanten",
    cancel: "Abbrechen",
  },
};
