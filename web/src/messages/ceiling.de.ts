/** Deutsche Texte dazu, wie viele Anfragen ein Mandant senden darf. */
import type { CeilingTexts } from "./ceiling.en";

const number = new Intl.NumberFormat("de");
const requests = (n: number) => `${number.format(n)} ${n === 1 ? "Anfrage" : "Anfragen"} pro Sekunde`;

export const deCeiling: CeilingTexts = {
  ceiling: {
    title: "Anfragegrenze",
    lead: "Wie viele SCIM-Anfragen pro Sekunde dieser Mandant an jeden Server senden darf. Was darüber liegt, erhält 429 und erfährt, wann es wiederkommen soll.",
    inForce: (n) => (n === undefined ? "Keine Grenze" : requests(n)),
    label: "Grenze dieses Mandanten",
    rules: {
      general: "Wie für alle Mandanten",
      none: "Keine Grenze",
      own: "Eine eigene Grenze",
    },
    generalHint: (n) =>
      n === undefined
        ? "Der Dienst hat keine Grenze für alle Mandanten."
        : `${requests(n)}, aus der Konfiguration des Dienstes.`,
    noneHint: "Andere Mandanten werden nicht gebremst: alle kommen reihum dran.",
    ownHint: "Gilt, was auch immer für alle Mandanten gesetzt ist.",
    number: "Anfragen pro Sekunde",
    wrong: "Eine ganze Zahl von 1 bis 100.000.",
    effect: "Gilt auf jedem Server binnen einer Sekunde.",
    save: "Grenze speichern",
    onlyOperator: "Nur ein Betreiber des Dienstes kann sie ändern.",
  },
};
