/** Deutsch. */
import type { TimeUnit } from "../ui/Time";
import type { Messages } from "./en";

const number = new Intl.NumberFormat("de");
const percent = new Intl.NumberFormat("de", { style: "percent", maximumFractionDigits: 1, roundingMode: "floor" });
const dateTime = new Intl.DateTimeFormat("de", { dateStyle: "medium", timeStyle: "medium" });
const zoned = new Intl.DateTimeFormat("de", { dateStyle: "full", timeStyle: "long" });

const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

/** Einzahl und Mehrzahl, im dritten Fall, wie „vor“ und „in“ ihn wollen. */
const units: Record<TimeUnit, [string, string]> = {
  second: ["s", "s"],
  minute: ["min", "min"],
  hour: ["h", "h"],
  day: ["Tag", "Tagen"],
  month: ["Monat", "Monaten"],
  year: ["Jahr", "Jahren"],
};

export const de: Messages = {
  language: "de",
  product: "Directory Sync",
  number: (n) => number.format(n),

  time: {
    relative: (value, unit) => {
      if (unit === "second" && Math.abs(value) < 5) return "gerade eben";
      const distance = `${Math.abs(value)} ${units[unit][Math.abs(value) === 1 ? 0 : 1]}`;
      return value > 0 ? `in ${distance}` : `vor ${distance}`;
    },
    local: (at) => dateTime.format(at),
    exact: (at) => zoned.format(at),
    never: "nie",
    shown: "Zeiten",
    choices: { relative: "Relativ", local: "Ortszeit", utc: "UTC" },
  },

  copy: {
    copy: "Kopieren",
    action: (what) => `${what} kopieren`,
    done: "Kopiert",
    refused: "Der Browser lehnt das ab. Wert auswählen und mit der Tastatur kopieren.",
  },

  states: {
    loading: "Wird geladen",
    retry: "Erneut versuchen",
    requestId: "Kennung der Anfrage",
    crashed: "Diese Seite konnte nicht gezeigt werden.",
    crashedWhy: "Vielleicht wurde eine neuere Fassung der Konsole installiert. Dann hilft es, sie neu zu laden.",
    more: "Mehr zeigen",
    total: (n, what) => `${number.format(n)} ${what}`,
    loaded: (n, more) => (more ? `${number.format(n)} geladen, darunter mehr` : `${number.format(n)} insgesamt`),
    keysMove: "bewegen",
    keysOpen: "öffnen",
  },

  filters: {
    label: "Filter",
    toggle: (set) => (set === 0 ? "Filter" : `Filter (${set})`),
    any: "alle",
    clear: (what) => `${what} entfernen`,
    clearSearch: "Suche leeren",
    clearAll: "Alle Filter entfernen",
    nothing: "Kein Treffer",
    nothingWhy: "Kein Eintrag passt zu diesen Filtern:",
  },

  confirm: {
    cancel: "Abbrechen",
    type: (name) => `„${name}“ eingeben, um fortzufahren`,
  },

  failures: {
    codes: {
      unreachable: () => "Der Dienst antwortet nicht. Verbindung prüfen, dann erneut versuchen.",
      sign_in_failed: () => "E-Mail und Passwort gehören nicht zusammen.",
      code_needed: () => "Auch ein Code wird gebraucht.",
      code_wrong: () => "Dieser Code gilt nicht. Ein Code der App wirkt einmal, etwa eine halbe Minute lang.",
      passkey_refused: () => "Diesen Passkey kennt der Dienst nicht mehr, oder er hat sich nicht bewiesen.",
      no_passkeys: () => "Passkeys brauchen einen Dienst, der mit https und einem Namen erreicht wird.",
      totp_on: () => "Eine Authenticator-App ist schon eingerichtet.",
      too_many_attempts: ({ retryAfter }) =>
        retryAfter === undefined
          ? "Zu viele Versuche. Später erneut."
          : `Zu viele Versuche. Erneut in ${retryAfter} s.`,
      too_fast: () => "Zu viele Anfragen in kurzer Zeit. Gleich noch einmal versuchen.",
      sign_in_again: () => "Dafür muss die Anmeldung frisch sein. Anmelden, dann erneut versuchen.",
      not_signed_in: () => "Abgemeldet. Neu anmelden.",
      missing_header: () => "Die Anfrage kam nicht aus dieser Konsole.",
      code_unknown: () => "Dieser Link wurde benutzt oder ist abgelaufen.",
      slug_taken: () => "Ein anderer Mandant hat diesen Kurznamen.",
      slug_held: () =>
        "Dieser Kurzname wurde vor weniger als 90 Tagen aufgegeben und bleibt so lange seinem Mandanten vorbehalten.",
      too_many_slugs: () =>
        "Dieser Mandant hatte zu viele Kurznamen. Platz macht, was seit über 90 Tagen aufgegeben ist; eigene frühere kann er zurücknehmen.",
      email_taken: () => "Diese E-Mail-Adresse hat schon jemand.",
      connection_closed: () => "Diese Verbindung ist geschlossen. Legen Sie eine neue an.",
      too_many_secrets: () =>
        "Dieser Client hat so viele Geheimnisse, wie er haben darf. Eines widerrufen, das nicht mehr gebraucht wird.",
      yourself: () => "Bei dir selbst geht das nicht. Jemand anderes mit diesem Recht kann es.",
      too_many_checks: ({ retryAfter }) => `Vorerst oft genug geprüft. In ${retryAfter ?? 60} s wieder versuchen.`,
      too_many_at_once: () => "Dieser Mandant hat genug in Arbeit, das lange dauert. Gleich noch einmal versuchen.",
      too_many_messages: ({ retryAfter }) => `Vorerst oft genug gesendet. In ${retryAfter ?? 60} s wieder versuchen.`,
      too_many_webhooks: () =>
        "Dieser Mandant hat so viele Webhooks, wie er haben darf. Einen entfernen, der nicht mehr gebraucht wird.",
      last_operator: () => "Das ist der letzte Betreiber. Zuerst jemand anderen zum Betreiber machen.",
      other_person: () => "Diese Einladung gilt jemand anderem.",
      role_taken: () => "Eine Rolle mit diesem Schlüssel gibt es schon.",
      role_mapped: () => "Gruppen geben diese Rolle noch. Zuerst diese Zuordnungen entfernen, in jedem Mandanten.",
      changes_removed: () => "Was nach dieser Änderung kam, wird nicht mehr aufbewahrt. Beginne mit einem Abbild.",
      too_many_keys: () => "Mehr API-Schlüssel sind nicht möglich. Einen widerrufen, der nicht mehr gebraucht wird.",
      invalid: () => "Etwas im Formular stimmt nicht.",
      not_found: () => "Hier ist nichts.",
      forbidden: () => "Das ist nicht erlaubt.",
      unavailable: () => "Der Dienst ist ausgelastet. Gleich erneut versuchen.",
    },
    ofStatus: (status) => {
      if (status === 0) return "Die Antwort des Dienstes war nicht lesbar.";
      if (status === 403) return "Das ist nicht erlaubt.";
      if (status === 404) return "Hier ist nichts.";
      if (status === 429) return "Zu viele Anfragen. Gleich erneut versuchen.";
      return status >= 500 ? "Der Dienst ist gescheitert. Nichts wurde halb getan." : "Der Dienst hat das abgelehnt.";
    },
    field: (_field, message) => message,
  },

  frame: {
    skip: "Zum Inhalt",
    menu: "Menü",
    closeMenu: "Menü schließen",
  },

  menu: {
    label: "Hauptmenü",
    connect: "Verbinden",
    directory: "Verzeichnis",
    activity: "Geschehen",
    service: "Dienst",
    build: "Entwickeln",
    overview: "Überblick",
    setup: "Einrichten",
    credentials: "Zugangsdaten",
    users: "Personen",
    groups: "Gruppen",
    access: "Zugang",
    log: "Sync-Protokoll",
    changes: "Änderungen",
    health: "Zustand",
    audit: "Audit",
    serviceAudit: "Audit des Dienstes",
    settings: "Einstellungen",
    tenant: "Dieser Mandant",
    tenants: "Mandanten",
    people: "Personen",
    appRoles: "Rollen der App",
    webhooks: "Webhooks",
    developers: "Entwickler",
    system: "System",
    reference: "API-Referenz",
    me: "Eigenes",
    preferences: "Mein Konto",
    signOut: "Abmelden",
    light: "Helles Design",
    dark: "Dunkles Design",
    find: "Finden",
    help: "Tasten",
  },

  switcher: {
    label: "Mandant",
    choose: "Mandant wählen",
    find: "Mandant finden",
    none: (typed) => (typed === "" ? "Noch kein Mandant." : `Kein Mandant passt zu „${typed}“.`),
  },

  banner: {
    unreachable: "Der Dienst antwortet nicht. Das Gezeigte kann alt sein. Seit",
    retry: "Jetzt versuchen",
    sessionEnds: "Die Sitzung endet",
    signInAgain: "Neu anmelden",
    visiting: (tenant) => `Besuch bei ${tenant} als Betreiber.`,
    credentialEnds: (name) => `Die Zugangsdaten „${name}“ enden`,
    toCredentials: "Zu den Zugangsdaten",
    secretEnds: (name) => `Ein Client-Geheimnis von „${name}“ endet`,
    toSecrets: "Zu seinen Geheimnissen",
    silent: "Der IdP hat länger nichts gesandt, als üblich ist. Still seit",
    toHealth: "Zustand ansehen",
    suspended: "Dieser Mandant ist ausgesetzt: Sein SCIM-Zugang bittet IdPs, später wiederzukommen.",
    deleting: "Dieser Mandant wird gelöscht. Was er hatte, wird nach und nach entfernt.",
  },

  missing: {
    title: "Hier ist nichts",
    what: "Diese Seite gibt es nicht, oder sie ist nicht zugänglich",
    why: "Adresse prüfen, oder nachfragen, von wem sie kam.",
    home: "Zum Anfang",
  },

  home: {
    title: "Willkommen",
    noneTitle: "Noch kein Mandant",
    none: "Noch hat niemand dir eine Rolle in einem Mandanten gegeben. Frage den Betreiber dieses Dienstes.",
  },

  idps: {
    entra: "Microsoft Entra ID",
    okta: "Okta",
    onelogin: "OneLogin",
    jumpcloud: "JumpCloud",
    other: "Anderer",
  },
  idpSeen: (idp, confidence) =>
    confidence === "likely" ? `${idp} (wahrscheinlich)` : confidence === "guess" ? `${idp} (Vermutung)` : idp,
  idpsShort: { entra: "Entra", okta: "Okta", onelogin: "OneLogin", jumpcloud: "JumpCloud", other: "Anderer" },
  noIdp: "keiner",

  tenants: {
    title: "Mandanten",
    search: "Name oder Kurzname suchen",
    create: "Neuer Mandant",
    name: "Name",
    idp: "IdP",
    people: "Personen",
    groups: "Gruppen",
    lastRequest: "Letzte Anfrage",
    credentialEnd: "Zugangsdaten",
    ends: "enden",
    state: "Zustand",
    emptyTitle: "Noch kein Mandant",
    empty:
      "Ein Mandant enthält das Verzeichnis eines Kundenunternehmens. Lege den ersten an, dann verbinde seinen IdP.",
    states: { active: "Aktiv", suspended: "Ausgesetzt", deleting: "Wird gelöscht" },
    health: {
      not_connected: "Nicht verbunden",
      waiting: "Wartet auf erste Anfrage",
      working: "Läuft",
      failing: "Scheitert",
      silent: "Still",
    },
    new: {
      title: "Neuer Mandant",
      name: "Name des Unternehmens",
      slug: "Kurzname",
      slugHint: (url) => `Teil der SCIM-URL: ${url}`,
      slugWrong: "a bis z, 0 bis 9 und einzelne Bindestriche, höchstens 63 Zeichen.",
      action: "Mandant anlegen",
    },
  },

  overview: {
    title: "Überblick",
    copyUrl: "SCIM-URL kopieren",
    newCredential: "Neue Zugangsdaten",
    scimUrl: "SCIM-URL",
    lastRequest: "letzte Anfrage",
    noRequest: "noch keine Anfrage",
    silentSince: "still seit",
    tokenEnds: (name) => `Zugangsdaten „${name}“ enden`,
    secretEnds: (name) => `ein Client-Geheimnis von „${name}“ endet`,
    people: "Personen",
    peopleHint: (active, inactive) => `${number.format(active)} aktiv, ${number.format(inactive)} inaktiv`,
    groups: "Gruppen",
    requests: "Anfragen, 24 h",
    requestsHint: (accepted, all) => `${percent.format(accepted / all)} angenommen`,
    noRequests: "es kam nichts",
    answered: "19 von 20 beantwortet in",
    milliseconds: (ms) => `${number.format(ms)} ms`,
    answeredHint: (half) => `die Hälfte in ${number.format(half)} ms`,
    latest: "Neueste Änderungen",
    noChange: "Noch keine Änderung. Sie stehen hier, sobald der IdP jemanden schreibt.",
    steps: {
      title: "IdP verbinden",
      lead: "Drei Schritte bis zur ersten Person.",
      credentialTitle: "Identitätsanbieter wählen",
      credential: "Die Anleitung gibt das Token aus und hakt ab, was wirklich ankommt.",
      toSetup: "Einrichten",
      pasteTitle: "Dem IdP SCIM-URL und Token geben",
      paste: "Beides in die Bereitstellung des IdP einfügen und dort den Verbindungstest wählen.",
      listenTitle: "Die erste Anfrage ankommen sehen",
      listen: "Alles, was der IdP sendet, auch das Abgelehnte, steht im Sync-Protokoll.",
      toLog: "Sync-Protokoll öffnen",
      done: "erledigt",
      waiting: "Wir hören zu. Diese Seite ändert sich von selbst.",
    },
  },

  users: {
    title: "Personen",
    what: "Personen",
    search: "Name, E-Mail, userName, externalId suchen",
    searchShort: "Name, E-Mail, Kennung suchen",
    active: "Zustand",
    activeOf: { true: "Aktiv", false: "Inaktiv" },
    name: "Name",
    userName: "userName",
    email: "E-Mail",
    state: "Zustand",
    groups: "Gruppen",
    changed: "Letzte Änderung",
    changedWithin: "Geändert",
    spans: { "24h": "In den letzten 24 Stunden", "7d": "In den letzten 7 Tagen" },
    groupsOf: { none: "In keiner Gruppe" },
    source: "Quelle",
    emptyTitle: "Noch niemand hier",
    empty: "Personen erscheinen, wenn der IdP sie sendet. Sie sind nur lesbar: sie gehören dem IdP.",
    toCredentials: "IdP verbinden",
    whatHappened: (name) => `Was geschah mit „${name}“?`,
  },

  user: {
    screen: "Person",
    back: "Personen",
    owner: (idp) =>
      idp === undefined
        ? "Nur lesbar: der Eintrag gehört dem IdP. Dort ändern."
        : `Nur lesbar: der Eintrag gehört ${idp}. Dort ändern.`,
    active: "Aktiv",
    inactive: "Inaktiv",
    id: "Kennung",
    externalId: "externalId",
    manager: "Vorgesetzte Person",
    managerAway: "noch nicht hier",
    created: "Angelegt",
    changed: "Letzte Änderung",
    version: "Version",
    tabs: { history: "Verlauf", attributes: "Attribute", groups: "Gruppen", roles: "Rollen", raw: "Roh" },
    tabsLabel: "Ansichten dieser Person",
    core: "Kernattribute",
    enterprise: "Enterprise-Erweiterung",
    noGroup: "In keiner Gruppe.",
    direct: "direkt",
    indirect: "über eine andere Gruppe",
    group: "Gruppe",
    membership: "Mitgliedschaft",
    raw: "SCIM-Ressource",
    yes: "ja",
    no: "nein",
    primary: "bevorzugt",
  },

  groups: {
    title: "Gruppen",
    what: "Gruppen",
    search: "Name oder externalId suchen",
    name: "Name",
    members: "Mitglieder",
    externalId: "externalId",
    changed: "Letzte Änderung",
    emptyTitle: "Noch keine Gruppe",
    empty: "Gruppen erscheinen, wenn der IdP sie sendet. Sie sind nur lesbar: sie gehören dem IdP.",
  },

  group: {
    screen: "Gruppe",
    back: "Gruppen",
    tabsLabel: "Ansichten dieser Gruppe",
    tabs: { members: "Mitglieder", waiting: "Noch nicht hier", history: "Verlauf", raw: "Roh" },
    members: (n) => count(n, "Mitglied", "Mitglieder"),
    unresolved: (n, group) =>
      `${count(n, "Mitglied", "Mitglieder")} von ${group} ${n === 1 ? "ist" : "sind"} noch nicht hier. Sie treten bei, wenn der IdP sie sendet.`,
    seeWho: "Wer das ist",
    reference: "Genannt als",
    since: "Seit",
    namedBy: "Genannt von",
    allHere: "Alle Mitglieder sind hier",
    allHereHint: "Hier stehen Mitglieder, die der IdP nennt, bevor er sie sendet.",
    searchMember: "Mitglied suchen",
    member: "Mitglied",
    userName: "userName",
    type: "Art",
    types: { User: "Person", Group: "Gruppe" },
    state: "Zustand",
    emptyTitle: "Niemand in dieser Gruppe",
    empty: "Mitglieder erscheinen, wenn der IdP sie hinzufügt.",
    raw: "SCIM-Ressource ohne Mitglieder",
  },

  log: {
    title: "Sync-Protokoll",
    what: "Anfragen",
    time: "Zeit",
    status: "Status",
    request: "Anfrage",
    happened: "Was geschah",
    credential: "Zugangsdaten",
    duration: "Dauer",
    milliseconds: (ms) =>
      `${new Intl.NumberFormat("de", { maximumFractionDigits: ms < 10 ? 1 : 0, minimumFractionDigits: ms < 10 ? 1 : 0 }).format(ms)} ms`,
    search: "Namen und Kennungen suchen",
    outcome: "Ergebnis",
    outcomes: { accepted: "Angenommen", rejected: "Abgelehnt", failed: "Gescheitert" },
    method: "Verb",
    type: "Über",
    types: { User: "Personen", Group: "Gruppen" },
    class: "Status",
    classes: { "2": "2xx angenommen", "4": "4xx abgelehnt", "5": "5xx gescheitert" },
    span: "Zeit",
    spans: { "1h": "letzte Stunde", "24h": "24 Stunden", "7d": "7 Tage", "30d": "30 Tage" },
    custom: "von … bis …",
    from: "Von",
    to: "Bis",
    oneResource: "Eine Person oder Gruppe",
    cause: "Ursache",
    live: "Live",
    paused: "Angehalten",
    pause: "Anhalten",
    resume: "Fortsetzen",
    fresh: (n, many) => `${number.format(n)}${many ? "+" : ""} neu`,
    emptyTitle: "Noch keine Anfrage",
    empty: "Jede Anfrage an diese Adresse steht hier, auch abgelehnte:",
    toCredentials: "Zugangsdaten anlegen",
  },

  event: {
    screen: "Anfrage",
    close: "Schließen",
    back: "Sync-Protokoll",
    why: "Warum",
    todo: "Was zu tun ist",
    facts: "Anfrage",
    time: "Zeit",
    scimType: "scimType",
    operation: "Gewünscht",
    query: "Suche",
    idp: "IdP",
    credential: "Zugangsdaten",
    address: "Von",
    userAgent: "Programm",
    duration: "Dauer",
    requestId: "Kennung der Anfrage",
    identifiers: "Gesehene Namen",
    repairs: "Unsere Korrekturen",
    repair: (sent, read) => ({ sent, read, between: "gelesen als" }),
    changes: "Was sie änderte",
    noChange: "Sie änderte nichts.",
    open: (name) => `${name} öffnen`,
    similar: "Alles hierzu",
    copyLink: "Link kopieren",
    copyNote: "Notiz für den Support",
  },

  changes: {
    idp: "der IdP",
    actors: { admin: "Ein Admin", system: "Directory Sync", connection: "Der IdP" },
    nameless: "jemand",
    sentences: {
      "user.created": ({ who, what }) => `${who} hat ${what} angelegt`,
      "user.updated": ({ who, what }) => `${who} hat ${what} geändert`,
      "user.deactivated": ({ who, what }) => `${who} hat ${what} deaktiviert`,
      "user.reactivated": ({ who, what }) => `${who} hat ${what} reaktiviert`,
      "user.deleted": ({ who, what }) => `${who} hat ${what} gelöscht`,
      "user.restored": ({ who, what }) => `${who} hat ${what} wiederhergestellt`,
      "group.created": ({ who, what }) => `${who} hat die Gruppe ${what} angelegt`,
      "group.updated": ({ who, what }) => `${who} hat die Gruppe ${what} geändert`,
      "group.deleted": ({ who, what }) => `${who} hat die Gruppe ${what} gelöscht`,
      "group.restored": ({ who, what }) => `${who} hat die Gruppe ${what} wiederhergestellt`,
    },
    members: ({ who, group, added, removed, only, left }) => {
      if (only) return `${who} hat ${only} zu ${group} hinzugefügt`;
      if (left) return `${who} hat ${left} aus ${group} entfernt`;
      if (removed === 0) return `${who} hat ${count(added, "Mitglied", "Mitglieder")} zu ${group} hinzugefügt`;
      if (added === 0) return `${who} hat ${count(removed, "Mitglied", "Mitglieder")} aus ${group} entfernt`;
      return `${who} hat bei ${group} ${number.format(added)} Mitglieder hinzugefügt und ${number.format(removed)} entfernt`;
    },
    roles: ({ who, what, added, removed }) => {
      const named = (roles: string[]) => `${roles.length === 1 ? "die Rolle" : "die Rollen"} ${roles.join(", ")}`;
      if (removed.length === 0) return `${who} hat ${what} ${named(added)} gegeben`;
      if (added.length === 0) return `${who} hat ${what} ${named(removed)} genommen`;
      return `${who} hat ${what} ${named(added)} gegeben und ${named(removed)} genommen`;
    },
    other: ({ who, what, type }) => `${who}: ${type} ${what}`,
    added: "Hinzugefügt",
    removed: "Entfernt",
    more: (n) => `und ${number.format(n)} mehr`,
    open: (name) => `${name} öffnen`,
  },

  diff: {
    attribute: "Attribut",
    before: "Vorher",
    after: "Nachher",
    absent: "fehlt",
    nothing: "Kein Attribut unterscheidet sich.",
  },

  system: {
    title: "System",
    version: "Version",
    database: "Datenbank",
    databases: { sqlite: "SQLite", postgresql: "PostgreSQL" },
    publicUrl: "Öffentliche URL",
    started: "Läuft seit",
    tenants: "Mandanten",
  },

  me: {
    title: "Mein Konto",
    lead: "In diesem Browser gespeichert.",
    profile: "Du",
    name: "Name",
    email: "E-Mail",
    role: "Rolle",
    operator: "Betreiber des Dienstes",
    roles: { operator: "Betreiber", admin: "Admin", developer: "Entwickler", viewer: "Leser" },
    session: "Sitzung endet",
    appearance: "Aussehen",
    theme: "Design",
    themes: { system: "System", light: "Hell", dark: "Dunkel" },
    language: "Sprache",
    languages: { system: "Browser", en: "English", de: "Deutsch" },
    density: "Zeilen",
    densities: { compact: "Dicht", comfortable: "Luftig" },
    singleKeys: "Einzelne Tasten",
    singleKeysHint: "J, K, / und die anderen wirken ohne Zusatztaste.",
    signOut: "Abmelden",
  },

  reference: {
    title: "API-Referenz",
    lead: "Alles, was diese Konsole kann, kann auch ein Programm über diese API. Aufrufe hier laufen mit den eigenen Rechten.",
    document: "OpenAPI-Dokument",
    operations: "Operationen",
  },
};
