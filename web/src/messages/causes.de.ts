/** Ursachen auf Deutsch. Namen von Menüs und Feldern stehen so da, wie der IdP sie schreibt. */
import { type CauseContext, type CauseTexts, limitText } from "./cause";
import { deLimits } from "./limits.de";
import { at, mappingPlace, tokenPlace, urlPlace } from "./places.de";

const date = new Intl.DateTimeFormat("de", { dateStyle: "medium", timeStyle: "short" });
const number = new Intl.NumberFormat("de");

const day = (at: string | undefined) => {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time) ? (at ?? "") : date.format(time);
};

const somebody = ({ who }: CauseContext) => who ?? "Ein Eintrag";

const again = "Nichts geht verloren: der IdP versucht es von selbst erneut.";

const newToken = (context: CauseContext) => [
  "Hier Zugangsdaten anlegen, oder den Token gültiger aus dem eigenen Tresor holen.",
  `${at(tokenPlace, context)}.`,
];

const start = ({ params }: CauseContext) => `Er beginnt mit „${params.starts_with ?? "dsk_"}“.`;

export const deCauses: CauseTexts = {
  token_missing: {
    short: "Anfragen kamen ohne Token",
    sentence: () => "Eine Anfrage kam ohne Token.",
    steps: (context) => [
      `${at(tokenPlace, context)}.`,
      "Steht dort ein Token, dann prüfen, ob ein Proxy vor diesem Dienst den Header Authorization verwirft.",
    ],
  },
  token_malformed: {
    short: "Anfragen kamen mit etwas, das keiner unserer Token ist",
    sentence: ({ params }) =>
      params.starts_with
        ? `Eine Anfrage kam mit etwas, das keiner unserer Token ist. Es beginnt mit „${params.starts_with}“, unsere mit „dsk_“.`
        : "Eine Anfrage kam mit etwas, das keiner unserer Token ist. Unsere beginnen mit „dsk_“.",
    steps: (context) => [
      "Den Token ganz kopieren, ohne Anführungszeichen und ohne das Wort Bearer.",
      `${at(tokenPlace, context)}.`,
    ],
  },
  two_credentials: {
    short: "Anfragen kamen mit mehr als einem Token",
    sentence: ({ params }) =>
      `Eine Anfrage kam mit ${params.count || "mehreren"} Headern Authorization, und niemand kann sagen, welcher Token gilt.`,
    steps: (context) => [
      "Suchen, was den Header noch setzt: ein eigener Header in den Einstellungen des IdP oder ein Proxy vor diesem Dienst. Ihn herausnehmen.",
      `Einen Token lassen. ${at(tokenPlace, context)}.`,
    ],
  },
  token_unknown: {
    short: "Anfragen kamen mit einem unbekannten Token",
    sentence: (context) => `Eine Anfrage kam mit einem Token, den wir nicht kennen. ${start(context)}`,
    steps: (context) => [
      "Seinen Anfang mit der Liste der Zugangsdaten vergleichen: er kann abgeschnitten oder von einem anderen Dienst sein.",
      ...newToken(context),
    ],
  },
  token_ended: {
    short: "Anfragen kamen mit einem abgelaufenen Token",
    sentence: (context) =>
      `Eine Anfrage kam mit einem Token, der am ${day(context.params.at)} geendet hat. ${start(context)}`,
    steps: newToken,
  },
  token_revoked: {
    short: "Anfragen kamen mit einem widerrufenen Token",
    sentence: (context) =>
      `Eine Anfrage kam mit einem Token, der am ${day(context.params.at)} widerrufen wurde. ${start(context)}`,
    steps: newToken,
  },
  token_of_another_tenant: {
    short: "Anfragen kamen mit dem Token eines anderen Mandanten",
    sentence: (context) => `Eine Anfrage kam mit dem Token eines anderen Mandanten. ${start(context)}`,
    steps: (context) => [`${at(urlPlace, context)}.`, "URL und Token desselben Mandanten benutzen."],
  },
  connection_closed: {
    short: "Anfragen kamen über eine geschlossene Verbindung",
    sentence: () => "Die Verbindung, zu der dieser Token gehört, ist geschlossen.",
    steps: (context) => ["Zugangsdaten unter einer offenen Verbindung anlegen.", `${at(tokenPlace, context)}.`],
  },
  client_unknown: {
    short: "Token-Anfragen eines unbekannten Clients",
    sentence: ({ params }) =>
      `Ein Zugriffstoken wurde vom Client „${params.client ?? "…"}“ verlangt, den dieser Mandant nicht hat.`,
    steps: (context) => [
      "Die Client-ID mit der Liste der Zugangsdaten vergleichen, sie beginnt mit „dsc_“.",
      `${at(urlPlace, context)}.`,
      "Token-URL, Client-ID und Geheimnis desselben Mandanten benutzen.",
    ],
  },
  client_secret_wrong: {
    short: "Token-Anfragen mit falschem Client-Geheimnis",
    sentence: ({ params }) =>
      params.starts_with
        ? `Der Client ${params.client ?? "…"} kam mit einem Geheimnis, das er nicht hat. Es beginnt mit „${params.starts_with ?? "…"}“.`
        : `Der Client ${params.client ?? "…"} kam mit etwas, das keines unserer Geheimnisse ist. Unsere beginnen mit „dss_“.`,
    steps: () => [
      "Das Geheimnis ganz kopieren, ohne Anführungszeichen. Gemeint ist sein Wert, nicht seine Kennung.",
      "Dem Client ein weiteres Geheimnis ausstellen und im IdP eintragen.",
    ],
  },
  client_secret_ended: {
    short: "Token-Anfragen mit einem abgelaufenen Geheimnis",
    sentence: ({ params }) =>
      `Das Geheimnis des Clients, das mit „${params.starts_with ?? "…"}“ beginnt, hat am ${day(params.at)} geendet.`,
    steps: () => ["Dem Client ein weiteres Geheimnis ausstellen und im IdP eintragen.", again],
  },
  client_secret_revoked: {
    short: "Token-Anfragen mit einem widerrufenen Geheimnis",
    sentence: ({ params }) =>
      `Das Geheimnis des Clients, das mit „${params.starts_with ?? "…"}“ beginnt, wurde am ${day(params.at)} widerrufen.`,
    steps: () => ["Dem Client ein weiteres Geheimnis ausstellen und im IdP eintragen.", again],
  },
  assertion_mismatch: {
    short: "Signierte Nachweise, die anderes sagen als eingetragen",
    sentence: ({ params }) =>
      `Im signierten Nachweis ist ${params.claim ?? "…"} „${params.received ?? "…"}“, hier ist „${params.expected ?? "…"}“ eingetragen.`,
    steps: ({ params }) => [
      `Kommt er vom eigenen IdP, „${params.received ?? "…"}“ als ${params.claim ?? "…"} des Clients eintragen, Zeichen für Zeichen.`,
      "Sonst alles lassen, wie es ist: er wurde abgelehnt.",
    ],
  },
  assertion_refused: {
    short: "Signierte Nachweise, die abgelehnt wurden",
    sentence: ({ params }) => `Der signierte Nachweis wurde abgelehnt: ${params.reason ?? "…"}.`,
    steps: () => [
      "Aussteller, Subjekt, Empfänger und Adresse der Schlüssel mit dem vergleichen, was der IdP zeigt.",
      "Die Uhr dessen prüfen, der signiert.",
    ],
  },
  trusted_keys_unreachable: {
    short: "Schlüssel des IdP, die nicht zu lesen sind",
    sentence: ({ params }) => `Die Schlüssel unter ${params.url ?? "…"} sind nicht zu lesen: ${params.reason ?? "…"}.`,
    steps: () => [
      "Die Adresse im Browser öffnen: sie zeigt eine Liste von Schlüsseln.",
      "Prüfen, ob dieser Dienst sie erreichen darf; nur https-Adressen im öffentlichen Internet werden aufgerufen.",
    ],
  },
  token_request: {
    short: "Token-Anfragen, die nicht nach OAuth sind",
    sentence: ({ params }) => `Die Token-Anfrage wurde abgelehnt: ${params.reason ?? "…"}.`,
    steps: () => ["Im IdP „Client Credentials“ wählen, mit der Token-URL, die der Client hier zeigt."],
  },
  read_only_token: {
    short: "Schreibende Anfragen kamen mit einem Token, der nur lesen darf",
    sentence: (context) => `${somebody(context)} wurde nicht geändert: der Token darf nur lesen.`,
    steps: (context) => ["Zugangsdaten anlegen, die lesen und schreiben dürfen.", `${at(tokenPlace, context)}.`],
  },
  tenant_suspended: {
    short: "Der Mandant ist ausgesetzt",
    sentence: () => "Der Mandant ist ausgesetzt, darum wird nichts angenommen.",
    steps: () => ["Den Betreiber dieses Dienstes fragen.", again],
  },
  unknown_route: {
    short: "Anfragen kamen an eine Adresse, die es nicht gibt",
    sentence: () => "Die Adresse der Anfrage gibt es hier nicht.",
    steps: (context) => [`${at(urlPlace, context)}.`, "Die URL endet auf /v2, ohne /Users oder /Groups."],
  },
  method_not_allowed: {
    short: "Ein Verb, das die Adresse nicht annimmt",
    sentence: () => "Die Adresse gibt es, aber nicht mit diesem Verb.",
    steps: (context) => [`${at(urlPlace, context)}.`],
  },
  content_type: {
    short: "Ein Inhaltstyp, den wir nicht lesen",
    sentence: ({ params }) =>
      `Der Inhalt kam als ${params.sent || "nichts Bekanntes"}. Wir lesen application/scim+json und application/json.`,
    steps: () => ["Im Client den Inhaltstyp application/scim+json setzen."],
  },
  content_encoding: {
    short: "Komprimierte Inhalte",
    sentence: ({ params }) =>
      `Der Inhalt kam mit der Kodierung ${params.sent || "einer unbekannten Art"}. Wir lesen Inhalte, wie sie sind, ohne Kodierung.`,
    steps: () => ["Im Client oder im Proxy davor die Komprimierung von Anfragen abschalten."],
  },
  body_too_large: {
    short: "Anfragen über der Größengrenze",
    sentence: ({ params }) =>
      `Die Anfrage ist größer als die Grenze von ${number.format(Number(params.limit ?? 0))} Bytes. Nichts davon wurde angenommen.`,
    steps: () => ["Weniger Mitglieder oder Operationen in einer Anfrage senden."],
  },
  body_too_slow: {
    short: "Inhalte, die zu langsam kamen",
    sentence: ({ params }) =>
      `Der Inhalt der Anfrage war nach ${number.format(Number(params.limit ?? 0))} Sekunden nicht da. Nichts davon wurde angenommen.`,
    steps: () => [again],
  },
  invalid_syntax: {
    short: "Inhalte, die wir nicht lesen können",
    sentence: () =>
      "Der Inhalt der Anfrage ist kein JSON oder nicht von der Form, die SCIM verlangt. Nichts davon wurde angenommen.",
    steps: () => [
      "Bei einem eigenen Client: den Inhalt mit RFC 7644 vergleichen.",
      "Sonst uns die Notiz zu dieser Anfrage senden.",
    ],
  },
  invalid_version: {
    short: "Anfragen nach einer anderen Version von SCIM",
    sentence: ({ params }) =>
      `Die Adresse der Anfrage nennt SCIM ${params.sent || "in anderer Version"}. Dieser Dienst spricht v2.`,
    steps: (context) => [
      `${at(urlPlace, context)}. Sie endet auf /v2.`,
      context.idp === "onelogin"
        ? "Hat die App kein solches Feld: sie neu anlegen als SCIM Provisioner with SAML (SCIM v2 Enterprise)."
        : "Im IdP einen Konnektor für SCIM 2.0 wählen, nicht für 1.1.",
    ],
  },
  invalid_parameter: {
    short: "Parameter, die doppelt da sind oder einander ausschließen",
    sentence: ({ params }) =>
      `Die Anfrage wurde nicht beantwortet: ihr Parameter ${params.parameter || "…"} steht zweimal da, oder neben einem, der ihn ausschließt.`,
    steps: () => [
      "Bei einem eigenen Client: jeden Parameter einmal senden, und entweder attributes oder excludedAttributes.",
      "Sonst uns die Notiz zu dieser Anfrage senden.",
    ],
  },
  invalid_cursor: {
    short: "Seiten einer anderen Liste",
    sentence: () => "Der IdP wollte eine Seite mit einem Cursor, der nicht für diese Liste ausgestellt ist.",
    steps: () => [
      "Der Client beginnt neu, ohne Cursor, und lässt Filter und Reihenfolge von Seite zu Seite, wie sie sind.",
    ],
  },
  expired_cursor: {
    short: "Seiten, nach denen zu spät gefragt wurde",
    sentence: ({ params }) =>
      params.life
        ? `Der IdP fragte zu spät nach der nächsten Seite: ein Cursor gilt ${number.format(Number(params.life) / 60)} Minuten.`
        : "Der IdP fragte zu spät nach der nächsten Seite: sein Cursor gilt nicht mehr.",
    steps: () => [
      "Der Client beginnt neu, ohne Cursor.",
      "Geschieht es wieder: ihn erst alle Seiten lesen und danach verarbeiten lassen.",
    ],
  },
  discovery_filtered: {
    short: "Filter auf das, was der Dienst kann",
    sentence: ({ params }) =>
      `Der IdP fragte ${params.endpoint || "nach dem, was der Dienst kann,"} mit einem Filter ab, was SCIM verbietet: es wird als Ganzes gelesen.`,
    steps: () => [
      "Bei einem eigenen Client: den Filter weglassen und aus der ganzen Antwort wählen.",
      "Sonst ist nichts zu tun. Personen und Gruppen hängen nicht davon ab.",
    ],
  },
  invalid_filter: {
    short: "Fragen, die wir nicht beantworten können",
    sentence: ({ params }) =>
      params.attribute
        ? `Der IdP hat etwas gefragt, das wir nicht beantworten können: nach ${params.attribute} lässt sich niemand finden.`
        : "Der IdP hat etwas gefragt, das wir nicht beantworten können: sein Filter ist nicht lesbar.",
    steps: (context) => [
      `${at(mappingPlace, context)}, nach dem Personen oder Gruppen zugeordnet werden.`,
      "Personen nach userName zuordnen, Gruppen nach displayName oder externalId.",
    ],
  },
  invalid_path: {
    short: "Änderungen an einem Attribut, das wir nicht finden",
    sentence: (context) =>
      `${somebody(context)} wurde nicht geändert: der Pfad ${context.params.path || "eines Attributs"} ist nicht lesbar.`,
    steps: (context) => [
      `${at(mappingPlace, context)}. Der Name des Ziels ist verschrieben oder aus einem anderen Schema.`,
    ],
  },
  required_missing: {
    short: "Nötige Werte, die leer sind",
    sentence: (context) =>
      `${somebody(context)} wurde abgelehnt: ${context.params.attribute || "ein nötiger Wert"} ist leer, und ohne geht es nicht.`,
    steps: (context) => [
      `${at(mappingPlace, context)} für ${context.params.attribute || "dieses Attribut"}.`,
      "Es dort für diese Person ausfüllen, oder ein anderes Attribut zuordnen, das alle haben.",
    ],
  },
  invalid_value: {
    short: "Werte von falscher Art",
    sentence: (context) =>
      `${somebody(context)} wurde abgelehnt: der Wert von ${context.params.attribute || "einem Attribut"} ist von falscher Art.`,
    steps: (context) => [`${at(mappingPlace, context)}. Seine Art muss die sein, die die Seite der Schemas nennt.`],
  },
  mutability: {
    short: "Änderungen an Unveränderlichem",
    sentence: (context) =>
      `${somebody(context)} wurde nicht geändert: ${context.params.attribute || "das Attribut"} ist nur lesbar, oder bleibt, wie es zuerst gesetzt wurde.`,
    steps: (context) => [
      `${at(mappingPlace, context)} und ${context.params.attribute || "es"} aus dem herausnehmen, was geändert wird.`,
    ],
  },
  no_target: {
    short: "Änderungen, zu denen kein Wert passt",
    sentence: (context) => `${somebody(context)} wurde nicht geändert: der zu ändernde Wert ist nicht da.`,
    steps: () => ["Meist bringt der nächste volle Abgleich es in Ordnung. Sonst ihn im IdP neu starten."],
  },
  too_many: {
    short: "Anfragen über einer Grenze",
    sentence: ({ params }) => {
      const limit = limitText(deLimits.bounds, params.what, params.limit, number);
      return `Die Anfrage geht über eine Grenze. ${limit ?? "Die Antwort nennt sie."} Nichts davon wurde angenommen.`;
    },
    steps: ({ params }) => [
      params.what === "group_members"
        ? "Im IdP mehrere Gruppen daraus machen und jede zuweisen."
        : "Den Rest in weiteren Anfragen senden.",
    ],
  },
  lost_reference: {
    short: "Bulk-Operationen, die brauchen, was eine andere nicht angelegt hat",
    sentence: (context) =>
      `${somebody(context)} wurde abgelehnt: die Operation „${context.params.name || "…"}“ derselben Bulk-Anfrage hat nichts angelegt, worauf zu verweisen wäre.`,
    steps: () => [
      "Zuerst beheben, warum jene Operation abgelehnt wurde. Ihre bulkId muss an beiden Stellen gleich geschrieben sein.",
      "Dann das Abgelehnte noch einmal senden.",
    ],
  },
  incomplete_ring: {
    short: "Geschrieben ohne einen Verweis",
    sentence: (context) =>
      `${somebody(context)} wurde geschrieben, aber ohne den Verweis auf das, was die Operation „${context.params.name || "…"}“ anlegen sollte.`,
    steps: () => ["Beheben, warum jene Operation abgelehnt wurde, dann sie und den Verweis noch einmal senden."],
  },
  members_waiting: {
    short: "Mitglieder von Gruppen, die noch nicht da sind",
    sentence: ({ params, who }) =>
      params.count === "1"
        ? `1 Mitglied von ${who ?? "einer Gruppe"} ist noch nicht da und kommt dazu, sobald der IdP es sendet.`
        : `${number.format(Number(params.count ?? 0))} Mitglieder von ${who ?? "einer Gruppe"} sind noch nicht da. Sie kommen dazu, sobald der IdP sie sendet.`,
    steps: ({ idp }) => [
      "Den nächsten Abgleich abwarten: Gruppen werden oft vor allen ihren Personen gesendet.",
      idp === "okta"
        ? "Bleiben sie aus: sie der App zuweisen. Okta sendet Mitglieder einer Gruppe nur, wenn sie zugewiesen sind."
        : "Bleiben sie aus: sie im IdP der App zuweisen, oder in dessen eigenem Protokoll nachsehen, warum sie nicht gesendet wurden.",
    ],
  },
  uniqueness: {
    short: "Personen oder Gruppen wurden abgelehnt: ein Name ist vergeben",
    sentence: (context) =>
      `${somebody(context)} wurde abgelehnt: ${context.params.attribute || "der Wert"}${
        context.params.value ? ` ${context.params.value}` : ""
      } gehört schon jemand anderem.`,
    steps: (context) => [
      "Öffnen, wer den Wert hat: sind beide dieselbe Person, sie im IdP zuordnen.",
      `${at(mappingPlace, context)}. Sind es zwei, einer einen anderen Wert geben.`,
    ],
  },
  not_found: {
    short: "Anfragen zu jemandem, der nicht hier ist",
    sentence: () => "Der IdP fragte nach einer Kennung, die es hier nicht oder nicht mehr gibt.",
    steps: () => [
      "Nach einer Löschung ist das zu erwarten, und nichts ist zu tun.",
      "Sonst kennt der IdP eine alte Kennung: die Bereitstellung dort neu starten, damit er neu zuordnet.",
    ],
  },
  stale: {
    short: "Änderungen auf altem Stand",
    sentence: (context) => `${somebody(context)} wurde nicht geändert: die Anfrage beruhte auf einem älteren Stand.`,
    steps: () => [again],
  },
  repair_refused: {
    short: "Anfragen, die die strenge Verbindung nicht korrigiert",
    sentence: (context) =>
      `${somebody(context)} wurde abgelehnt: die Anfrage weicht vom Standard ab, und diese Verbindung ist streng.`,
    steps: () => ["Unter Zugangsdaten Korrekturen für die Verbindung erlauben, oder den Client berichtigen."],
  },
  not_implemented: {
    short: "Teile des Standards, die wir nicht anbieten",
    sentence: () => "Der IdP wollte einen Teil des Standards, den dieser Dienst nicht anbietet.",
    steps: () => ["Die Funktion im IdP abschalten. Personen und Gruppen hängen nicht davon ab."],
  },
  too_fast: {
    short: "Anfragen kamen zu schnell",
    sentence: ({ params }) => {
      const wait = params.wait ? ` ${number.format(Number(params.wait))} s` : "";
      const limit = limitText(deLimits.paces, params.which, params.limit, number);
      return `Zu viele Anfragen kamen in kurzer Zeit, darum muss diese${wait} warten.${limit ? ` ${limit}` : ""}`;
    },
    steps: (context) => {
      const { which } = context.params;
      const before = "Die Anfragen davor sagen, was am Token nicht stimmt.";
      if (which === "failures") return [before, ...newToken(context)];
      const often =
        which === "ceiling"
          ? "Geschieht es oft: den Betreiber dieses Dienstes um eine höhere Obergrenze bitten."
          : "Geschieht es oft: den IdP weniger Anfragen zugleich senden lassen, wo er das kann.";
      return [again, often];
    },
  },
  unavailable: {
    short: "Wir waren ausgelastet",
    sentence: () => "Wir konnten diese Anfrage gerade nicht annehmen. Nichts wurde halb getan.",
    steps: () => [again],
  },
  internal: {
    short: "Wir sind gescheitert",
    sentence: () => "Wir sind gescheitert. Der IdP versucht es erneut; nichts wurde halb getan.",
    steps: () => ["Geschieht es wieder, dem Betreiber die Kennung der Anfrage unten senden."],
  },
};
