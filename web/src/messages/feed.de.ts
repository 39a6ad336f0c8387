/** German texts about the changes of a tenant, and how far whoever follows them is. */
import type { FeedTexts } from "./feed.en";
import { lastingIn } from "./measure";

const number = new Intl.NumberFormat("de");
const lasting = lastingIn("de");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

export const deFeed: FeedTexts = {
  feed: {
    title: "Änderungen",
    lead: "Was an Personen und Gruppen geschrieben wurde, in der Reihenfolge, in der deine App es bekommt.",
    what: "Änderungen",
    happened: "Was geschah",
    type: "Art",
    of: "Von",
    number: "Nummer",
    time: "Zeit",
    oneResource: "Eine Person oder Gruppe",
    emptyTitle: "Noch keine Änderung",
    empty: "Was der IdP mit Personen und Gruppen tut, steht hier, so wie Apps es bekommen, die den Änderungen folgen.",
    toSetup: "Den IdP verbinden",
    toDevelopers: "Wie eine App ihnen folgt",
    fresh: (n, more) => `${more ? "Mehr als " : ""}${number.format(n)} neue`,
    looked: (n) =>
      n === 1
        ? "Die neueste Änderung ist durchgesehen."
        : `Die neuesten ${number.format(n)} Änderungen sind durchgesehen.`,
    lookFurther: "Weiter zurück suchen",
    screen: (seq) => `Änderung ${number.format(seq)}`,
    close: "Schließen",
    none: "Diese Änderung gibt es nicht, oder sie wird nicht mehr aufbewahrt.",
    actor: "Wer",
    version: "Version danach",
    request: "Anfrage",
    openRequest: "Im Sync-Protokoll öffnen",
    changed: "Was sich änderte",
    nothing: "Nichts außer dem, was die Art schon sagt.",
    rolesAdded: "Neue Rollen",
    rolesRemoved: "Verlorene Rollen",
    applied: "Übernommen von",
    appliedAfter: (name, seconds) => `${name}, ${lasting(seconds * 1000)} nach dem Schreiben`,
    appliedBy: (name) => `${name} hat sie`,
    notYet: (name) => `${name} hat sie noch nicht bestätigt`,
    nobody: "Noch hat niemand etwas bestätigt.",
    open: (name) => `${name} öffnen`,
    similar: "Alles dazu",
    copyCurl: "Als curl kopieren",
  },
  step: {
    title: "Deine App und die Änderungen",
    nobody: "Noch keine App hat gesagt, was sie übernommen hat.",
    how: "Wie eine App das sagt",
    inStep: (n) => `${count(n, "Leser ist", "Leser sind")} auf dem Stand`,
    late: (name, waiting) =>
      `${name} ist zu spät: ${count(waiting, "Änderung wartet", "Änderungen warten")} auf die Übernahme, die älteste seit`,
    moreLate: (n) => `und ${count(n, "weiterer Leser ist", "weitere Leser sind")} zu spät`,
    details: "Leser und Zeiten",
    close: "Schließen",
    readers: "Leser",
    reader: "Leser",
    kinds: { apiKey: "API-Schlüssel", person: "Person", webhook: "Webhook" },
    appliedUpTo: "Übernommen bis",
    ofAll: (seq, last) => `${number.format(seq)} von ${number.format(last)}`,
    state: "Stand",
    states: { late: "Zu spät", waiting: "Unterwegs", inStep: "Auf dem Stand" },
    waiting: (n) => count(n, "Änderung wartet", "Änderungen warten"),
    target: (seconds) => `Wer für eine Änderung länger als ${lasting(seconds * 1000)} braucht, ist zu spät.`,
    day: "Die letzten 24 Stunden",
    dayNone: "In den letzten 24 Stunden wurde nichts bestätigt.",
    confirmed: (n) => `${count(n, "Änderung wurde", "Änderungen wurden")} bestätigt.`,
    half: "Die Hälfte binnen",
    most: "95 von 100 binnen",
    nearlyAll: "99 von 100 binnen",
    lasting: (seconds) => lasting(seconds * 1000),
    took: "Zeit",
    changes: "Änderungen",
    upTo: (seconds) => `bis ${lasting(seconds * 1000)}`,
    longer: "länger",
    asTable: "Als Tabelle zeigen",
    forgetting: {
      forget: "Vergessen",
      of: (name) => `„${name}“ vergessen`,
      title: (name) => `„${name}“ vergessen?`,
      effect:
        "Ein Leser, der nicht wiederkommt, bleibt zu spät, bis er vergessen wird. Sagt er wieder, was er übernommen hat, ist er wieder hier.",
      action: "Leser vergessen",
    },
  },
};
