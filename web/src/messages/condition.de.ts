/** Deutsche Texte darüber, wie der Dienst selbst läuft. */
import type { ConditionTexts } from "./condition.en";
import { bytesIn, lastingIn } from "./measure";

const number = new Intl.NumberFormat("de");
const rate = new Intl.NumberFormat("de", { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat("de", { style: "percent", maximumSignificantDigits: 2 });
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;
const lasting = lastingIn("de");

export const deCondition: ConditionTexts = {
  condition: {
    checks: "Selbstprüfung",
    passed: "Wie es sein soll",
    failed: "Nicht, wie es sein soll",
    check: {
      database: "Die Datenbank antwortet",
      writable: "Daten lassen sich schreiben",
      clock: "Die Uhr der Datenbank zeigt dieselbe Zeit",
      public_url: "Die öffentliche Adresse ist https oder dieser Rechner selbst",
    },
    remedy: {
      database: "Sieh nach, ob die Datenbank läuft und von dieser Maschine aus zu erreichen ist.",
      writable:
        "Sieh nach, ob der Datenträger voll oder schreibgeschützt ist oder die Datenbank eine Kopie nur zum Lesen.",
      clock: "Stelle beide Uhren über NTP: Was von selbst endet, endet zu früh oder zu spät.",
      public_url: "Token reisen offen. Stelle einen Proxy mit TLS davor und setze public_url auf dessen https-Adresse.",
    },
    answered: (millis) => `binnen ${lasting(Math.max(1, millis))}`,
    apart: (millis) => (millis < 1_000 ? "weniger als 1 s auseinander" : `${lasting(millis)} auseinander`),

    hour: "Die letzte Stunde",
    hourHint: (minutes) =>
      minutes < 60
        ? `Von diesem Knoten, seit seinem Start vor ${count(minutes, "Minute", "Minuten")}.`
        : "Von diesem Knoten.",
    requests: "Anfragen",
    rate: "Je Minute",
    perMinute: (n) => rate.format(n),
    hourFailed: "Bei uns fehlgeschlagen",
    hourRejected: "Abgelehnt",
    share: (n, all) => (n === 0 || all === 0 ? number.format(n) : `${number.format(n)} (${percent.format(n / all)})`),
    times: "Die Hälfte, 95 % und 99 % beantwortet binnen",

    failing: "Scheiternde Mandanten",
    noFailing: "Kein Mandant scheitert",
    refused: "Nicht angenommen, 24 h",
    ofAll: (refused, requests) => `${refused} von ${requests}`,
    allFailing: "Alle zeigen, die scheitern",

    service: "Dienst",
    size: "Größe der Daten",
    bytes: bytesIn("de"),

    queues: "Warteschlangen dieses Knotens",
    waitingWrites: "Wartende Schreibvorgänge",
    waitingLog: "Wartende Protokolleinträge",
    waiting: (n, longest) =>
      longest === undefined ? number.format(n) : `${number.format(n)}, am längsten seit ${lasting(longest)}`,
    lostLog: "Verlorene Protokolleinträge",
    lostHint:
      "Seit dem Start dieses Knotens. Sie ließen sich eine Minute lang nicht schreiben; die Anfragen selbst wurden ausgeführt.",

    nodes: "Knoten",
    nodesHint: "Die des letzten Tages. Jeder meldet sich alle zehn Sekunden.",
    noNode: "Noch hat sich kein Knoten gemeldet. Jeder tut es binnen zehn Sekunden nach seinem Start.",
    node: "Name",
    address: "Lauscht auf",
    seen: "Zuletzt gesehen",
    state: "Stand",
    present: "Läuft",
    gone: "Nicht gesehen",
    current: "antwortet dir",

    retention: "Aufbewahrung",
    noRetention: "Es gab noch keinen Durchgang. Der erste kommt eine Minute nach dem Start, dann jede Stunde einer.",
    last: "Letzter Durchgang",
    removed: "Entfernt",
    rows: (n) => count(n, "Zeile", "Zeilen"),
    cutShort: "Abgebrochen; der nächste Durchgang macht weiter",
    took: "Dauer",
    lasting,
    next: "Nächster Durchgang",

    migrations: "Migrationen",
    history: { directory: "Verzeichnis", sync_log: "Sync-Protokoll" },
    made: (n, newest) => `${number.format(n)} ausgeführt, die neueste ist ${newest}`,

    configuration: "Geltende Konfiguration",
    configurationHint: "Die dieses Knotens. Gesetzte Geheimnisse werden genannt und nicht gezeigt.",
    noConfiguration: "Alles ist so, wie es ohne Konfiguration ist.",
    setting: "Einstellung",
    value: "Wert",
    hidden: "Gesetzt, verborgen",
  },
};
