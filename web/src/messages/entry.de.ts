/** Deutsche Texte. */
import type { EntryTexts } from "./entry.en";

export const deEntry: EntryTexts = {
  signIn: {
    title: "Anmelden",
    forgotten: "Passwort vergessen?",
    code: "Code",
    codeLead:
      "Gib den sechsstelligen Code deiner Authentifizierungs-App ein, oder einen deiner Wiederherstellungscodes.",
    codeAction: "Weiter",
    codeBack: "Von vorn",
    passkey: "Mit Passkey anmelden",
    provider: (name) => `Mit ${name} anmelden`,
    or: "oder",
    email: "E-Mail",
    password: "Passwort",
    action: "Anmelden",
    again: "Neu anmelden",
    againWhy: {
      ended: "Die Sitzung ist zu Ende. Das Eingegebene bleibt erhalten.",
      stale: "Das geht nur bald nach dem Anmelden. Anmelden, dann das Letzte wiederholen.",
    },
  },

  forgotten: {
    title: "Passwort vergessen?",
    lead: "Gib deine E-Mail-Adresse ein. Ein Link für ein anderes Passwort kommt per Mail und gilt eine Stunde.",
    action: "Link senden",
    taken: (email) => `Wenn ${email} hier jemandem gehört, ist ein Link unterwegs. Er gilt eine Stunde.`,
    takenTitle: "Schau in deine Mail",
    noMailTitle: "Frag einen Betreiber des Dienstes",
    noMail:
      "Dieser Dienst verschickt keine Mail. Wer ihn betreibt, kann dir einen Link für ein anderes Passwort geben.",
    back: "Zurück zur Anmeldung",
  },

  invite: {
    title: "Du bist eingeladen",
    tenant: "Mandant",
    intoTenant: (by, tenant) => `${by} lädt dich zu ${tenant} ein.`,
    intoService: (by) => `${by} lädt dich ein, diesen Dienst zu betreiben.`,
    role: "Als",
    roles: { operator: "Betreiber des Dienstes", admin: "Admin", developer: "Entwickler", viewer: "Leser" },
    can: {
      operator: "Du siehst und änderst alles, in allen Mandanten.",
      admin: "Du siehst und änderst alles in diesem Mandanten, auch Personen und Zugangsdaten.",
      developer: "Du liest das Verzeichnis und legst API-Schlüssel an.",
      viewer: "Du liest das Verzeichnis, das Sync-Protokoll und das Audit.",
    },
    email: "E-Mail",
    until: "Läuft ab",
    accept: "Einladung annehmen",
    join: "Beitreten",
    knownLead: "Du hast hier schon ein Konto. Melde dich an, um anzunehmen.",
    joinLead: (name) => `Angemeldet als ${name}.`,
    otherTitle: (email) => `Du bist als ${email} angemeldet`,
    other: (email) => `Diese Einladung gilt ${email}. Melde dich ab und nimm sie dann als diese Person an.`,
    signOut: "Abmelden",
    stay: "Angemeldet bleiben",
    used: "Er wurde schon benutzt, ist abgelaufen, zurückgenommen oder unvollständig. Frag nach einer neuen Einladung.",
  },

  reset: {
    title: "Anderes Passwort wählen",
    lead: "Du wirst überall abgemeldet und meldest dich mit dem neuen Passwort an.",
    password: "Neues Passwort",
    action: "Passwort ändern",
    doneTitle: "Dein Passwort ist geändert",
    done: "Alle deine Sitzungen sind beendet. Melde dich mit dem neuen Passwort an.",
    used: "Er wurde schon benutzt, ist abgelaufen oder unvollständig. Frag nach einem neuen.",
  },

  refused: {
    provider_refused: "Die Anmeldung beim anderen Dienst wurde abgelehnt oder abgebrochen. Versuch es noch einmal.",
    provider_unknown_person:
      "Der andere Dienst kennt dich, dieser noch nicht. Frag einen Admin deines Mandanten nach einer Einladung.",
    provider_not_anew:
      "Der andere Dienst sagt nicht, dass du dich dort gerade neu ausgewiesen hast, und das ist hier nötig. Melde dich anders an oder frag, wer diesen Dienst betreibt.",
  },

  welcome: {
    title: "Erster Betreiber werden",
    lead: "Als Betreiber führst du diesen Dienst für alle Mandanten. Wähle, womit du dich anmeldest.",
    name: "Dein Name",
    passwordHint: (least) => `Mindestens ${least} Zeichen. Einige Wörter ergeben ein gutes.`,
    passwordShort: (least) => `Kürzer als ${least} Zeichen.`,
    action: "Betreiber anlegen",
    usedTitle: "Dieser Link ist nicht benutzbar",
    used: "Er wurde schon benutzt, ist abgelaufen oder unvollständig. Der Server zeigt beim Start ohne Betreiber einen neuen.",
    toSignIn: "Zur Anmeldung",
  },
};
