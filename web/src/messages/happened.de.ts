/** Deutsche Texte dazu, was eine Anfrage tat. */
import type { HappenedTexts } from "./happened.en";

const number = new Intl.NumberFormat("de");

export const deHappened: HappenedTexts = {
  happened: {
    types: { User: "Person", Group: "Gruppe" },
    service: "Dienst",
    created: (whom) => `${whom} angelegt`,
    unchanged: (whom) => `${whom} war schon wie gesendet, nichts geändert`,
    updated: (whom) => `${whom} geändert`,
    deleted: (whom) => `${whom} gelöscht`,
    nobody: "Nach jemandem gesucht, der nicht hier ist",
    one: "Einen Eintrag gefunden",
    listed: (found) => (found === undefined ? "Aufgelistet" : `Aufgelistet, ${number.format(found)} gefunden`),
    read: (whom) => `${whom} gelesen`,
    discovered: "Gelesen, was der Dienst kann",
    token: "Einen Zugriffstoken ausgestellt",
    bulk: (all) => (all === undefined ? "Bulk-Anfrage" : `Bulk-Anfrage mit ${number.format(all)} Operationen`),
    bulkRefused: (all, refused) =>
      `Bulk-Anfrage mit ${number.format(all)} Operationen, ${number.format(refused)} davon abgelehnt`,
    rejected: (who) => (who === undefined ? "Abgelehnt" : `Abgelehnt: ${who}`),
    failed: (who) => (who === undefined ? "Gescheitert" : `Gescheitert: ${who}`),
  },
};
