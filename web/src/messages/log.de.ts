/** Deutsche Texte. */
import { deHappened } from "./happened.de";
import type { LogTexts } from "./log.en";
import { deRemedies } from "./remedies.de";

const number = new Intl.NumberFormat("de");

export const deLog: LogTexts = {
  ...deHappened,
  remedy: deRemedies,
  searching: {
    cause: "Ursache",
    over: "Dauerte über",
    milliseconds: (ms) => (ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`),
    connection: "Verbindung",
    export: "Exportieren",
    formats: { csv: "Als CSV, für Tabellen", ndjson: "Als NDJSON, ein Objekt je Zeile" },
  },
  said: {
    views: "Ansichten der Anfrage",
    event: "Was geschah",
    request: "Anfrage",
    answer: "Antwort",
    headers: "Kopfzeilen",
    body: "Inhalt",
    noBody: "Kein Inhalt, oder keiner, der gelesen wurde.",
    nothing:
      "Von Anfrage und Antwort wurde nichts aufbewahrt: So steht es in den Einstellungen des Mandanten, oder es war zu viel auf einmal.",
    masked:
      "Werte, die zeigen können, wer jemand ist, stehen hier als Art und Länge. Geheimnisse werden nie aufbewahrt.",
    full: "So, wie es kam. Geheimnisse werden nie aufbewahrt.",
    length: (bytes) => `${number.format(bytes)} Bytes`,
    cut: (bytes) => `Von ${number.format(bytes)} Bytes ist nur der Anfang aufbewahrt.`,
    lookups: "Kurz davor nachgesehen",
    wording: "Im Wortlaut des Dienstes",
    holder: (name) => (name === undefined ? "Wer den Wert hat" : `Wer den Wert hat: ${name}`),
    copyCurl: "Als curl kopieren",
    curl: {
      token: "Zuerst: export SCIM_TOKEN=… mit einem Token dieser Verbindung",
      masked: "Der Inhalt ist maskiert: Wo Art und Länge stehen, gehören Werte hin.",
      cut: "Vom Inhalt wurde nur der Anfang aufbewahrt.",
    },
    fault: (line, column) => `Ab Zeile ${line}, Spalte ${column} ließ es sich nicht lesen.`,
  },
  keeping: {
    title: "Was wie lange aufbewahrt wird",
    bodies: "Kopfzeilen und Inhalte von Anfragen und Antworten",
    policies: { off: "Nichts davon", masked: "Maskiert", full: "Vollständig" },
    hints: {
      off: "Nur was geschah, durch wen und warum.",
      masked: "Namen der Attribute, Arten und Längen; Ids, Operatoren, Pfade und „active“ bleiben lesbar.",
      full: "So, wie sie kamen, bis je 16 KiB. Wer nur lesen darf, sieht sie trotzdem maskiert.",
    },
    secrets:
      "Passwörter, Tokens und Client-Secrets werden nie aufbewahrt. Eine Änderung gilt für Anfragen von jetzt an; was aufbewahrt ist, bleibt, wie es ist.",
    days: "Anfragen werden aufbewahrt für",
    changeDays: "Änderungen werden aufbewahrt für",
    daysOf: (days) => (days === 1 ? "1 Tag" : `${number.format(days)} Tage`),
    save: "Speichern",
  },
  target: {
    title: "Wann Änderungen angewendet sein sollen",
    lead: "Eine App sagt, bis zu welcher Änderung sie alle angewendet hat. Wer es nicht rechtzeitig tat, ist verspätet: das Protokoll des Dienstes sagt es, und eine Messgröße zählt es.",
    field: "Eine Änderung ist bestätigt innerhalb von",
    never: "Keine Frist: niemand ist verspätet",
    span: (seconds) => {
      if (seconds % 86_400 === 0) return seconds === 86_400 ? "1 Tag" : `${number.format(seconds / 86_400)} Tagen`;
      if (seconds % 3600 === 0) return seconds === 3600 ? "1 Stunde" : `${number.format(seconds / 3600)} Stunden`;
      if (seconds % 60 === 0) return seconds === 60 ? "1 Minute" : `${number.format(seconds / 60)} Minuten`;
      return seconds === 1 ? "1 Sekunde" : `${number.format(seconds)} Sekunden`;
    },
    save: "Speichern",
  },
};
