/** German texts about what is set for one tenant. */
import type { SettingsTexts } from "./settings.en";

export const deSettings: SettingsTexts = {
  settings: {
    title: "Einstellungen",
    general: "Allgemein",
    name: "Name der Firma",
    save: "Speichern",
    address: "Adresse",
    slug: "Kurzname",
    slugHint: (url) =>
      `Ergibt die SCIM-URL ${url}. IdPs können bei ihrer Adresse bleiben, bis Sie den Namen darin aufgeben.`,
    changeSlug: "Kurznamen ändern",
    oldSlugs: "Frühere Kurznamen",
    oldSlugsHint: "Sie öffnen den SCIM-Zugang weiterhin. Geben Sie einen auf, wenn kein IdP mehr über ihn kommt.",
    replaced: "Ersetzt",
    slugUsed: "Zuletzt kam eine Anfrage darüber",
    slugUnused: "Seither keine Anfrage darüber.",
    dropSlug: "Aufgeben",
    dropSlugNow: "Kurznamen aufgeben",
    dropSlugOf: (slug) => `${slug} aufgeben`,
    dropping: (slug) => `„${slug}“ aufgeben?`,
    droppingEffect: (name) =>
      `Ein IdP, der diese Adresse noch hat, erhält ab jetzt 401. 90 Tage lang kann nur ${name} den Namen zurücknehmen.`,
    id: "Kennung",
    created: "Angelegt",
    schemas: "Eigene Schemas",
    toReference: "API-Referenz",
    noSchemas: "Noch keine. Eigene Attribute werden über die API angemeldet, mit registerSchema.",
    extends: { User: "erweitert Personen", Group: "erweitert Gruppen" },
    preparing: "In Vorbereitung",
    misfits: (count) => `${count} ${count === 1 ? "Ressource passt" : "Ressourcen passen"} nicht`,
    serving: "SCIM-Zugang",
    isServed: "Identity Provider werden bedient. Aussetzen ändert nichts im Verzeichnis.",
    isSuspended: "Identity Provider erhalten 503 und kommen später wieder. Im Verzeichnis hat sich nichts geändert.",
    suspend: "Mandant aussetzen",
    resume: "Wieder bedienen",
    suspending: (name) => `${name} aussetzen?`,
    suspendingEffect: (people, groups) =>
      `Der SCIM-Zugang schließt sofort: Bis der Mandant wieder bedient wird, kommt keine Änderung an ${people} Personen und ${groups} Gruppen an, auch keine Sperrung Ausgeschiedener. Gelöscht wird nichts.`,
    danger: "Gefahrenzone",
    deleteHint:
      "Wird der Mandant gelöscht, enden seine Zugangsdaten sofort und sein ganzes Verzeichnis wird entfernt. Das lässt sich nicht rückgängig machen.",
    deleteTenant: "Mandant löschen",
    deleting: (name) => `${name} löschen?`,
    deletingEffect: "All das geht verloren und lässt sich nicht zurückholen:",
    people: "Personen",
    groups: "Gruppen",
    connections: "Verbindungen",
    liveCredentials: "Gültige Zugangsdaten",
    deletingRest:
      "Auch seine Änderungen, sein Sync-Protokoll und die Rollen seiner Admins gehen verloren. IdPs erhalten vom ersten Augenblick an 401. Den Kurznamen bekommt 90 Tage lang niemand.",
  },
};
