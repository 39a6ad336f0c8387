/** Deutsche Texte darüber, wie es den Verbindungen geht und was ihre Anfragen ergeben. */
import type { HealthTexts } from "./health.en";
import { deRemedies } from "./remedies.de";
import { deRepairs } from "./repairs.de";

const number = new Intl.NumberFormat("de");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

type Form = Intl.DateTimeFormatOptions;
const hour = { hour: "2-digit", minute: "2-digit" } satisfies Form;
const day = { weekday: "short", day: "numeric", month: "short" } satisfies Form;
const print = (at: Date, form: Form, utc: boolean) =>
  new Intl.DateTimeFormat("de", utc ? { ...form, timeZone: "UTC" } : form).format(at);

export const deHealth: HealthTexts = {
  attention: {
    title: "Braucht Aufmerksamkeit",
    hint: "letzte 24 Stunden",
    see: "Ansehen",
    problems: (open, all) =>
      open < all
        ? `${number.format(open)} von ${count(all, "Anfrage", "Anfragen")}`
        : count(all, "Anfrage", "Anfragen"),
    nameless: "Ein Grund ist nicht bekannt",
    unresolved: (n) =>
      `${count(n, "Mitglied", "Mitglieder")}, ${n === 1 ? "das" : "die"} der IdP nannte, ${n === 1 ? "ist" : "sind"} noch nicht hier`,
    more: (n) => `und ${count(n, "weitere Gruppe", "weitere Gruppen")}`,
    parked: (n) => `${count(n, "Webhook wurde", "Webhooks wurden")} aufgegeben: Es wird nichts mehr gesendet`,
    failing: (n) => `${count(n, "Webhook kommt", "Webhooks kommen")} zurzeit nicht durch`,
    names: (names, more) => names.join(", ") + (more > 0 ? ` und ${count(more, "weiterer", "weitere")}` : ""),
  },

  chart: {
    title: "Anfragen je Stunde",
    whole: "Letzte 48 Stunden",
    asTable: "Als Tabelle zeigen",
    none: "In den letzten 48 Stunden kam nichts.",
    hour: "Stunde",
    openHour: "Im Protokoll zeigen",
    span: (from, to, utc) =>
      `${print(from, day, utc)}, ${print(from, hour, utc)} bis ${to ? print(to, hour, utc) : "jetzt"}`,
    start: (from, utc) => `${print(from, day, utc)}, ${print(from, hour, utc)}`,
    clock: (at, utc) => print(at, hour, utc),
    weekday: (at, utc) => print(at, { weekday: "short" }, utc),
    summary: (sum) =>
      `${count(sum.all, "Anfrage", "Anfragen")} in den letzten 48 Stunden: ${number.format(sum.accepted)} angenommen, ${number.format(sum.rejected)} abgelehnt, ${number.format(sum.failed)} gescheitert. Die meisten in einer Stunde: ${number.format(sum.peak)}, ${sum.most}. Stunden ohne Anfrage: ${number.format(sum.empty)}. Pfeiltasten gehen von Stunde zu Stunde, Enter öffnet ihre Anfragen im Protokoll.`,
  },

  health: {
    title: "Zustand",
    lead: "Wie jede Verbindung ankommt, und was von dem, was sie sendet, umgeschrieben werden musste.",
    connections: "Verbindungen",
    more: "Ihr Zustand",
    emptyTitle: "Keine offene Verbindung",
    empty: "Wie es einer Verbindung geht, steht hier, sobald es eine gibt.",
    toSetup: "Einrichten",
    requests: "Ihre Anfragen",
    idp: "IdP",
    looksLike: (idp) => `Anfragen sehen nach ${idp} aus`,
    lastRequest: "Letzte Anfrage",
    rhythm: "Rhythmus",
    every: (seconds) => `etwa ${interval(seconds)}`,
    silentAfter: (seconds) => `still nach ${lasting(seconds)}`,
    noRhythm: "noch nicht bekannt; dazu braucht es sechs Läufe",
    ending: "Endet bald",
    ends: "endet",
    secretOf: (client) => `ein Secret von ${client}`,
    kinds: { bearer_token: (name) => `das Token ${name}`, oauth_client: (name) => `der OAuth-Client ${name}` },
    rules: "Abweichungen von SCIM",
    strict: "abgelehnt, denn die Verbindung ist streng",
    lenient: "umgeschrieben, wo klar ist, was gemeint ist",

    cycles: "Neueste Läufe",
    cyclesHint: "Ein Lauf endet, wenn zehn Minuten lang nichts gekommen ist.",
    noCycle: "Es kam noch keine Anfrage.",
    started: "Beginn",
    took: "Dauer",
    running: "läuft",
    changes: "Änderungen",
    duration: (seconds) => (seconds < 1 ? "unter 1 s" : lasting(seconds)),

    silentTitle: "Es kam länger nichts, als üblich ist",
    silent: {
      entra:
        "In Entra: Enterprise applications, Ihre App, Provisioning: Ist die Bereitstellung an, und was sagt ihr letzter Lauf?",
      okta: "In Okta: Ihre App, Provisioning, Integration: Ist sie an? Dann die Aufgaben der App auf Fehler ansehen.",
      onelogin: "In OneLogin: Ihre App, Provisioning: Ist sie eingeschaltet? Dann die Ereignisse der App ansehen.",
      jumpcloud: "In JumpCloud: Ihre App, Identity Management: Ist sie aktiv und ohne Fehler?",
      other: "Im IdP: Ist die Bereitstellung an und ohne Fehler?",
    },
    late: (readers) =>
      `${count(readers, "Leser der Änderungen ist", "Leser der Änderungen sind")} zu spät: Deine App hat Änderungen nicht in der festgelegten Zeit übernommen.`,
    toChanges: "Zu den Änderungen",
    failingTitle: "Die Hälfte des neuesten Laufs oder mehr wurde abgelehnt oder scheiterte",
    failing: "Die Ursachen und was zu tun ist stehen bei den Anfragen.",
    toRefused: "Abgelehnte zeigen",

    nearTitle: "Microsoft Entra könnte diese Verbindung in Quarantäne nehmen",
    beyondTitle: "Über den Grenzen, von denen an Microsoft Entra eine Verbindung in Quarantäne nimmt",
    quarantine: (refused, requests) =>
      `${number.format(refused)} von ${count(requests, "Anfrage", "Anfragen")} im neuesten Lauf wurden abgelehnt oder scheiterten. Die Grenzen von Entra: ab 5.000, wenn es mehr als 40 % eines Laufs sind, oder ab 40.000; solche, die nur einen Manager oder ein Mitglied setzen sollten, zählen nur zu den 60.000 von allen. In Quarantäne kommt Entra höchstens einmal am Tag, nach vier Wochen gar nicht mehr.`,
    quarantineSteps: [
      "Das Abgelehnte öffnen und die Ursache beheben, die dort steht, die häufigste zuerst.",
      "Dann in Entra: Enterprise applications, Ihre App, Provisioning: Restart provisioning wählen; das beendet eine Quarantäne.",
    ],

    repairs: "Umgeschrieben in 30 Tagen",
    rule: deRepairs,
    remedy: deRemedies,
    times: (n) => (n === 1 ? "Einmal" : `${number.format(n)}-mal`),
    last: "zuletzt",
    example: "Beispiel",
    noRepair: "Nichts musste umgeschrieben werden.",
    wouldBreak: "Wäre diese Verbindung streng, würde das abgelehnt.",
    wouldNotBreak: "Wäre diese Verbindung streng, würde nichts von dem, was sie sandte, deswegen abgelehnt.",
    isStrict: "Die Verbindung ist jetzt streng: Was umgeschrieben werden müsste, wird abgelehnt.",
  },
};

/** Eine Dauer in einer oder zwei Einheiten, im dritten Fall. */
function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 48) return count(Math.round(hours / 24), "Tag", "Tagen");
  const minutes = Math.round((seconds % 3_600) / 60);
  return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
}

/** Ein Abstand in Worten, in der Einheit, die ihn am kürzesten sagt. */
function interval(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 100 && Math.abs(minutes - 60) > 5) return every(minutes, "jede Minute", "Minuten");
  if (minutes < 22 * 60) return every(Math.round(minutes / 60), "jede Stunde", "Stunden");
  return every(Math.round(minutes / 1_440), "jeden Tag", "Tage");
}

const every = (n: number, one: string, many: string) => (n === 1 ? one : `alle ${number.format(n)} ${many}`);
