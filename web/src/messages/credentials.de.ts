/** Deutsche Texte. */
import type { CredentialTexts } from "./credentials.en";

const number = new Intl.NumberFormat("de");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

function moment(at: Date, now: Date, utc: boolean): string {
  const zone = utc ? { timeZone: "UTC" } : {};
  const day = new Intl.DateTimeFormat("de", { dateStyle: "medium", ...zone });
  const clock = new Intl.DateTimeFormat("de", { timeStyle: "short", ...zone }).format(at);
  const time = utc ? `${clock} UTC` : clock;
  return day.format(at) === day.format(now) ? time : `${day.format(at)}, ${time}`;
}

export const deCredentials: CredentialTexts = {
  credentials: {
    title: "Zugangsdaten",
    scimUrl: "SCIM-URL",
    create: "Neue Zugangsdaten",
    newConnection: "Neue Verbindung",
    emptyTitle: "Noch keine Zugangsdaten",
    empty:
      "Mit Zugangsdaten schreibt eine IdP-Anwendung in diesen Mandanten. Lege welche an, dann füge den Token im IdP ein.",
    emptyConnection: "Keine Zugangsdaten in dieser Verbindung.",
    name: "Name",
    startsWith: "Beginnt mit",
    rights: "Rechte",
    rightsOf: { scim: "lesen, schreiben", "scim:read": "lesen" },
    lastUsed: "Zuletzt benutzt",
    from: (address) => `von ${address}`,
    ends: "Ende",
    noEnd: "kein Ende",
    endedAt: "geendet",
    revokedAt: "widerrufen",
    revokedBy: (who) =>
      who === "leak report"
        ? "nach einer Leck-Meldung"
        : who === "service"
          ? "vom Dienst, wie vorgemerkt"
          : `von ${who}`,
    state: "Zustand",
    actions: "Aktionen",
    actionsOf: (name) => `Aktionen für „${name}“`,
    states: {
      active: "Aktiv",
      ending: "Endet bald",
      unused: "Wartet",
      ended: "Geendet",
      revoked: "Widerrufen",
    },
    rotate: "Wechseln",
    rotation: {
      title: (name: string) => `Wechsel von „${name}“`,
      effect:
        "Neben diesem Token wird ein zweiter ausgestellt, mit derselben Verbindung und denselben Rechten. Beide gelten, es stockt also nichts.",
      after:
        "Den neuen Token in den IdP eintragen. Diese Seite zeigt dann, ab wann dessen Anfragen ihn benutzen, und bietet an, den alten zu widerrufen.",
      action: "Neuen Token ausstellen",
      share: (n, all) =>
        all === 0
          ? "Keine Anfrage, seit der neue Token ausgestellt wurde."
          : `${number.format(n)} von ${count(all, "Anfrage", "Anfragen")}, seit der neue Token ausgestellt wurde, mit ihm; die letzte nicht.`,
      moved: (n, since) =>
        `${number.format(n)} von ${count(n, "Anfrage", "Anfragen")} seit ${since} ${n === 1 ? "benutzt" : "benutzen"} den neuen Token.`,
      moment,
      oldUsed: (n: number) =>
        `${count(n, "Anfrage", "Anfragen")} mit dem alten Token, seit der neue ausgestellt wurde, die letzte`,
      oldUnused: (startsWith) => `Keine Anfrage mit dem alten Token ${startsWith}…, seit der neue ausgestellt wurde.`,
      revoke: "Alten Token widerrufen",
      more: (name) => `Mehr zum Wechsel von „${name}“`,
      revokeEarly: "Alten Token trotzdem widerrufen",
      stillUsed: (n, all) =>
        all === 0
          ? "Keine Anfrage, seit der neue Token ausgestellt wurde: der IdP hat ihn womöglich noch nicht."
          : `${number.format(n)} von ${count(all, "Anfrage", "Anfragen")}, seit der neue Token ausgestellt wurde, noch mit diesem; auch die letzte.`,
      early:
        "Wird der alte widerrufen, bevor der IdP den neuen hat, so wird er ab der nächsten Anfrage abgewiesen, und bis dahin kommt nichts mehr an.",
      whenQuiet: (hours) => `Von selbst widerrufen, wenn er ${number.format(hours)} h ruht`,
      whenQuietEffect:
        "Er endet, wenn so lange keine Anfrage mit ihm kam und der neue Token benutzt wird. Bis dahin lässt es sich absagen.",
      planned: (hours, who) =>
        `Der alte Token wird von selbst widerrufen, wenn er ${number.format(hours)} h geruht hat und der neue benutzt wird, wie ${who} es wollte. Frühestens`,
      callOff: "Absagen",
    },
    copyId: "Kennung kopieren",
    inLog: "Anfragen zeigen",
    revoke: "Token widerrufen",
    revokeClient: "Client widerrufen",
    secretsAndKeys: "Geheimnisse und Schlüssel",
    kinds: { bearer_token: "Bearer-Token", oauth_client: "OAuth-Client" },
    onlyAdmin: "Nur ein Admin dieses Mandanten kann Zugangsdaten anlegen und widerrufen.",
    new: {
      title: "Neue Zugangsdaten",
      name: "Name",
      nameHint: "Damit sie in dieser Liste wiederzuerkennen sind.",
      suggested: (n) => (n === 0 ? "Prod" : `Prod ${n + 1}`),
      connection: "Verbindung",
      idp: "Welcher IdP sendet die Personen?",
      end: "Ende",
      ends: { "365": "1 Jahr", "90": "90 Tage", none: "Kein Ende" },
      endHint: {
        "365": "Vor dem Ende wird hier daran erinnert.",
        "90": "Für Versuche und strenge Vorgaben.",
        none: "Niemand muss daran denken. Selbst widerrufen, wenn sie nicht mehr gebraucht werden.",
      },
      rights: "Rechte",
      rightsLong: { scim: "Lesen und schreiben", "scim:read": "Nur lesen" },
      rightsHint: {
        scim: "Was jeder IdP braucht.",
        "scim:read": "Für Prüfungen und Berichte. Schreiben wird abgelehnt.",
      },
      action: "Zugangsdaten anlegen",
      kind: "Art",
      kindHint: {
        bearer_token: "Ein langer Token, der im IdP eingefügt wird. Die meisten IdPs verlangen ihn.",
        oauth_client:
          "Für IdPs, die nach einem Token-Endpunkt fragen, etwa Microsoft Entra mit Client-Anmeldung oder Verbund.",
      },
      proof: "Womit sich der IdP ausweist",
      proofs: { secret: "Client-Geheimnis", assertions: "Signierte Aussagen (Verbund)" },
      proofHint: {
        secret: "Wird einmal gezeigt und im IdP eingefügt. Weitere lassen sich später ausstellen.",
        assertions: "Der IdP signiert mit eigenen Schlüsseln. Kein Geheimnis ist abzulegen oder zu erneuern.",
      },
      secretEnd: "Ende des Geheimnisses",
    },
    client: {
      title: (name) => `Geheimnisse und Schlüssel von „${name}“`,
      tokenUrl: "Token-URL",
      clientId: "Client-ID",
      metadataUrl: "Metadaten-URL",
      life: "Zugriffstoken leben",
      lifeTitle: "Lebensdauer der Zugriffstoken",
      lifeHint: "So lange kann der IdP einen benutzen, bevor er den nächsten holen muss.",
      changeLife: "Lebensdauer ändern",
      lifeDialog: (name) => `Lebensdauer der Zugriffstoken von „${name}“`,
      lifeEffect:
        "Ein kürzeres Leben macht einen gestohlenen Zugriffstoken eher wertlos; bei einem längeren fragt der IdP seltener. Es zählt ab dem nächsten Token: die er hat, behalten ihr Ende. Wird das Geheimnis widerrufen, enden sie sofort.",
      lifeOf: (seconds) =>
        seconds % 3_600 === 0
          ? count(seconds / 3_600, "Stunde", "Stunden")
          : `${number.format(Math.round(seconds / 60))} min`,
      close: "Schließen",
      secrets: "Geheimnisse",
      noSecrets: "Kein Geheimnis. Nur Signaturen weisen diesen Client aus.",
      noProof: "Kein Geheimnis. Noch weist nichts diesen Client aus.",
      issue: "Geheimnis ausstellen",
      issueTitle: (name) => `Ein Geheimnis von „${name}“ ausstellen`,
      issueLead: "Die bisherigen Geheimnisse gelten weiter. Das neue im IdP einfügen, dann das alte hier widerrufen.",
      created: "angelegt",
      ends: "endet",
      lastUsed: "zuletzt benutzt",
      neverUsed: "nie benutzt",
      revoke: "Widerrufen",
      revokeOf: (start) => `Geheimnis ${start} widerrufen`,
      revokeAction: "Geheimnis widerrufen",
      revokeTitle: (start) => `Geheimnis ${start} widerrufen?`,
      revokeEffect: (name) =>
        `„${name}“ bekommt mit diesem Geheimnis keinen Zugriffstoken mehr, und die damit bekommenen werden sofort abgelehnt. Das ist endgültig.`,
      revokeLast: "Nichts anderes weist diesen Client aus: der IdP sendet keine Personen und Gruppen mehr.",
      used: "Damit gab es zuletzt einen Zugriffstoken:",
      unused: "Nie benutzt.",
      trust: "Signierte Aussagen",
      noTrust: "Niemandes Signaturen weisen diesen Client aus.",
      addTrust: "Signaturen vertrauen",
      change: "Ändern",
      remove: "Entfernen",
      save: "Speichern",
      trustTitle: (name) => `Wessen Signaturen „${name}“ ausweisen`,
      trustEffect:
        "Nach einer Änderung werden Zugriffstoken, die es durch die früheren Signaturen gab, sofort abgelehnt.",
      removeTitle: "Signierte Aussagen entfernen?",
      removeEffect: (name) =>
        `„${name}“ bekommt durch Signaturen keinen Zugriffstoken mehr, und die dadurch bekommenen werden sofort abgelehnt. Sie lassen sich später wieder eintragen.`,
      removeAction: "Signaturen entfernen",
      issuer: "Aussteller",
      subject: "Subjekt",
      audience: "Empfänger",
      since: "Seit",
      issuerHint: "Das „iss“ der Aussagen. Leer gelassen wird die eigene Client-ID erwartet.",
      subjectHint: "Das „sub“ der Aussagen. Leer gelassen wird die eigene Client-ID erwartet.",
      audienceHint: "Das „aud“ der Aussagen. Leer gelassen wird unsere Token-URL erwartet.",
      keys: "Schlüssel",
      keysFrom: { address: "Von einer Adresse", set: "Hier eingefügt" },
      keysHint: {
        address: "Dort werden sie gelesen, und wieder, wenn der IdP sie wechselt.",
        set: "Wechselt der IdP seine Schlüssel, sind sie auch hier zu ändern.",
      },
      jwksUri: "Adresse der Schlüssel (JWKS URI)",
      jwks: "Schlüsselsatz (JWKS)",
      jwksHint: "JSON, nur mit öffentlichen Schlüsseln.",
      pasted: (n) => count(n, "eingefügter Schlüssel", "eingefügte Schlüssel"),
      faults: {
        noAddress: "Die Adresse der Schlüssel fehlt.",
        noJson: "Das ist kein JSON.",
        noSet: "Das ist JSON, aber kein Schlüsselsatz: eine Liste namens „keys“ fehlt.",
        empty: "Dieser Schlüsselsatz ist leer.",
        private:
          "Das enthält einen privaten Schlüssel. Nur den öffentlichen Teil einfügen und den hier eingefügten Schlüssel ersetzen.",
      },
    },
    revoking: {
      title: (name) => `„${name}“ widerrufen?`,
      effect:
        "Anfragen mit diesem Token werden sofort abgelehnt. Das ist endgültig: ein widerrufener Token ist nie wieder benutzbar.",
      used: "Zuletzt benutzt",
      unused: "Nie benutzt.",
      stops: "Der IdP sendet keine Personen und Gruppen mehr, bis er einen anderen Token bekommt.",
      clientEffect:
        "Der Client bekommt keinen Zugriffstoken mehr, und die er hat, werden sofort abgelehnt. Das ist endgültig: ein widerrufener Client ist nie wieder benutzbar.",
      clientStops: "Der IdP sendet keine Personen und Gruppen mehr, bis er einen anderen Client bekommt.",
    },
    connection: {
      actions: (name) => `Aktionen für die Verbindung „${name}“`,
      rename: "Umbenennen",
      strict: "Streng machen",
      lenient: "Korrekturen erlauben",
      close: "Verbindung schließen",
      strictChip: "Streng",
      closedChip: "Geschlossen",
      renameTitle: "Verbindung umbenennen",
      name: "Name",
      save: "Namen speichern",
      newTitle: "Neue Verbindung",
      newLead: "Eine Verbindung ist eine IdP-Anwendung. Alle Verbindungen eines Mandanten teilen sein Verzeichnis.",
      create: "Verbindung anlegen",
      closing: (name) => `„${name}“ schließen?`,
      closingEffect: (n) =>
        `${count(n, "Satz Zugangsdaten gilt", "Sätze Zugangsdaten gelten")} sofort nicht mehr. Niemand wird geändert oder gelöscht. Das lässt sich nicht rückgängig machen.`,
      strictTitle: (name) => `„${name}“ streng machen?`,
      strictEffect:
        "Anfragen, die bisher korrigiert wurden, werden dann abgelehnt. Korrekturen lassen sich jederzeit wieder erlauben.",
    },
  },

  secret: {
    title: (name) => `Token von „${name}“`,
    once: "Der Token wird nur dieses eine Mal gezeigt. Im IdP einfügen oder im eigenen Tresor ablegen.",
    url: "SCIM-URL",
    token: "Token",
    stored: "Ich habe ihn abgelegt",
    question: "Jetzt schließen? Der Token kann nicht noch einmal gezeigt werden; dann braucht es einen neuen.",
    keepOpen: "Offen lassen",
    closeAnyway: "Ohne Ablegen schließen",
    client: {
      title: (name) => `OAuth-Client „${name}“`,
      once: "Das Client-Geheimnis wird nur dieses eine Mal gezeigt. Im IdP einfügen oder im eigenen Tresor ablegen.",
      noSecret:
        "Diese Angaben im IdP eintragen. Sie bleiben im Menü des Clients unter „Geheimnisse und Schlüssel“ lesbar.",
      tokenUrl: "Token-URL",
      clientId: "Client-ID",
      clientSecret: "Client-Geheimnis",
      stored: "Ich habe es abgelegt",
      question:
        "Jetzt schließen? Das Client-Geheimnis kann nicht noch einmal gezeigt werden; dann braucht es ein neues.",
      done: "Fertig",
    },
  },
};
