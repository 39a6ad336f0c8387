/** German texts about the keys that act without a modifier. */
import type { KeysTexts } from "./keys.en";

export const deKeys: KeysTexts = {
  keyboard: {
    title: "Tasten",
    hint: "Einzelne Tasten wirken nur außerhalb von Feldern. In den Einstellungen lassen sie sich abschalten.",
    close: "Schließen",
    list: [
      { press: ["Strg / ⌘", "K"], does: "Eine Person, Gruppe oder Anfrage finden" },
      { press: ["/"], does: "In der Liste suchen" },
      { press: ["J", "K"], does: "Nächste und vorige Zeile" },
      { press: ["Enter"], does: "Zeile öffnen" },
      { press: ["Esc"], does: "Einzelheiten schließen" },
      { press: ["C"], does: "Kennung der gewählten Zeile kopieren" },
      { press: ["Leertaste"], does: "Protokoll anhalten oder fortsetzen" },
      { press: ["G", "O"], does: "Überblick" },
      { press: ["G", "C"], does: "Zugangsdaten" },
      { press: ["G", "U"], does: "Personen" },
      { press: ["G", "R"], does: "Gruppen" },
      { press: ["G", "A"], does: "Zugang" },
      { press: ["G", "L"], does: "Sync-Protokoll" },
      { press: ["G", "F"], does: "Änderungen" },
      { press: ["G", "W"], does: "Webhooks" },
      { press: ["?"], does: "Diese Liste" },
    ],
  },
};
