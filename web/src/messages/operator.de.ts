/** Deutsche Texte der Tabelle aller Mandanten. */
import type { OperatorTexts } from "./operator.en";

const percent = new Intl.NumberFormat("de", { style: "percent", maximumFractionDigits: 1, roundingMode: "ceil" });
const number = new Intl.NumberFormat("de");

export const deOperator: OperatorTexts = {
  operator: {
    sort: "Sortieren nach",
    created: "Angelegt",
    requests: "Anfragen, 24 h",
    refused: "Nicht angenommen, 24 h",
    day: (requests, refused) =>
      `${number.format(refused)} von ${number.format(requests)} Anfragen wurden nicht angenommen`,
    none: "Keine Anfrage in 24 Stunden",
    share: (part, whole) => percent.format(part / whole),
    first: {
      title: (name) => `„${name}“ ist da. Wie weiter?`,
      question: "Wer macht weiter?",
      admin: "Den ersten Admin einladen",
      adminHint: "Er bekommt hier ein Konto und kümmert sich um alles in diesem Mandanten.",
      link: "Einen Einrichtungslink machen",
      linkHint: "Für alle, die einmal den IdP anbinden: eine Anleitung mit der Adresse des Mandanten, ohne Konto.",
      linkFor: (name) => `Einrichtungslink für ${name}`,
      email: "E-Mail",
      name: "Name",
      forWhom: "Für wen",
      idp: "Welcher IdP sendet die Personen?",
      invite: "Einladen",
      makeLink: "Link machen",
      later: "Später",
    },
  },
};
