/** Die Anleitungen auf Deutsch. Menüs und Felder heißen wie bei den Anbietern. */
import type { Guides } from "./setup";
import { oneLoginTemplate } from "./template";

export const guidesDe: Guides = {
  entra: {
    tokenField: "Secret Token",
    hint: "Eine Unternehmensanwendung mit Bereitstellung",
    steps: [
      {
        title: "Anwendung anlegen",
        place: ["Entra admin center", "Enterprise apps", "New application", "Create your own application"],
        lines: [
          "Einen Namen geben und „Integrate any other application you don't find in the gallery“ wählen.",
          "Eine Anwendung, die es für Single Sign-on schon gibt, geht auch.",
        ],
        checks: [],
      },
      {
        title: "Entra Adresse und Token geben",
        place: ["Enterprise apps", "Ihre Anwendung", "Provisioning", "New configuration"],
        lines: [
          "Secret Token nie leer lassen: Entra würde ein eigenes Token unterschreiben, das hier nicht gilt.",
          "Wo Entra einen Token-Endpunkt mit Client-ID und Secret anbietet, geht statt des Tokens ein OAuth-Client.",
        ],
        give: [
          { field: "Tenant URL", what: "url" },
          { field: "Secret Token", what: "token" },
        ],
        oauth: {
          url: { field: "Tenant URL", what: "url" },
          client: [
            { field: "Token Endpoint", what: "tokenUrl" },
            { field: "Client Identifier", what: "clientId" },
            { field: "Client Secret", what: "clientSecret" },
            { field: "Scope", what: "scope" },
          ],
          lines: [
            "Client Credentials als Anmeldeart wählen. Scope kann leer bleiben, wo Entra nicht danach fragt.",
            "Für Workload Identity Federation, die kein Secret braucht, unter Zugangsdaten einen OAuth-Client mit signierten Assertions anlegen.",
          ],
        },
        press: "„Test Connection“ wählen, dann „Create“.",
        behind:
          "Entra sucht eine Person mit zufälliger ID und vielleicht eine Gruppe. Niemanden zu finden ist die richtige Antwort.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Auswählen, wer mitkommt",
        place: ["Enterprise apps", "Ihre Anwendung", "Users and groups"],
        lines: [
          "Personen und Gruppen zuweisen. Die Zuordnungen, die Entra vorschlägt, werden verstanden, wie sie sind.",
          "Unter Properties der Bereitstellung stehen die Adresse für Meldungen und die Schwelle gegen versehentliches Löschen.",
        ],
        checks: [],
      },
      {
        title: "Eine Person ausprobieren",
        place: ["Enterprise apps", "Ihre Anwendung", "Provisioning", "Provision on demand"],
        lines: ["Eine der zugewiesenen Personen wählen und „Provision“ drücken."],
        behind: "Entra sucht die Person nach dem Abgleichattribut und legt sie dann an.",
        checks: ["person"],
      },
      {
        title: "Bereitstellung starten",
        place: ["Enterprise apps", "Ihre Anwendung", "Provisioning", "Start provisioning"],
        lines: [
          "Entra arbeitet alle im Bereich ab und hält danach in eigenen Zyklen Schritt.",
          "Für die letzten beiden Häkchen jemandes Titel ändern und jemandem die Zuweisung nehmen.",
        ],
        behind:
          "Zuerst kommen Personen, in einem zweiten Durchgang Vorgesetzte, dann Gruppen und ihre Mitglieder. Wem die Zuweisung fehlt, wird deaktiviert, nicht gelöscht.",
        checks: ["group", "change", "deactivation"],
      },
    ],
  },
  okta: {
    tokenField: "API Token",
    hint: "Die SCIM 2.0 Test App oder eine eigene App mit SCIM",
    steps: [
      {
        title: "Anwendung hinzufügen",
        place: ["Applications", "Browse App Catalog", "SCIM 2.0 Test App (OAuth Bearer Token)"],
        lines: ["Oder eine SAML- oder SWA-App des Assistenten öffnen und unter General, Provisioning SCIM wählen."],
        checks: [],
      },
      {
        title: "Okta Adresse und Token geben",
        place: ["Ihre Anwendung", "Provisioning", "Configure API Integration"],
        lines: [
          "Das Feld nimmt nur das Token, ohne das Wort Bearer.",
          "In einer App des Assistenten heißen die Felder „SCIM connector base URL“, „Unique identifier field for users“ (userName) und unter Authentication Mode „HTTP Header“ mit dem Token.",
        ],
        give: [
          { field: "Base URL", what: "url" },
          { field: "API Token", what: "token" },
        ],
        press:
          "„Test API Credentials“ wählen (in einer App des Assistenten „Test Connector Configuration“), dann „Save“.",
        behind: "Okta listet Personen und Gruppen auf.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Aktionen einschalten",
        place: ["Ihre Anwendung", "Provisioning", "To App"],
        lines: ["„Create Users“, „Update User Attributes“ und „Deactivate Users“ einschalten. Vorher sind sie aus."],
        checks: [],
      },
      {
        title: "Eine Person zuweisen",
        place: ["Ihre Anwendung", "Assignments"],
        lines: ["Zuerst eine Person zuweisen, dann Gruppen. Okta sendet jede sofort."],
        behind: "Okta sucht den userName und legt die Person dann an.",
        checks: ["person"],
      },
      {
        title: "Gruppen senden, dann etwas ändern",
        place: ["Ihre Anwendung", "Push Groups"],
        lines: [
          "Eine Gruppe nach Namen oder Regel senden. Ihre Mitglieder brauchen auch eine eigene Zuweisung.",
          "Für die letzten beiden Häkchen ein Profil ändern und eine Zuweisung nehmen.",
        ],
        checks: ["group", "change", "deactivation"],
      },
    ],
  },
  onelogin: {
    tokenField: "SCIM Bearer Token",
    hint: "SCIM Provisioner with SAML (SCIM v2 Enterprise)",
    steps: [
      {
        title: "Anwendung hinzufügen",
        place: ["Applications", "Add App", "SCIM Provisioner with SAML (SCIM v2 Enterprise)"],
        lines: [
          "Einen Connector mit „SCIM v2“ im Namen nehmen. „Core Schema“ und „Enterprise Schema“ sprechen SCIM 1.1.",
        ],
        checks: [],
      },
      {
        title: "OneLogin Adresse, Token und Vorlage geben",
        place: ["Ihre Anwendung", "Configuration"],
        lines: ["Die Vorlage sagt, was von einer Person gesendet wird. Gruppen gehören nicht hinein."],
        give: [
          { field: "SCIM Base URL", what: "url" },
          { field: "SCIM Bearer Token", what: "token" },
          { field: "SCIM JSON Template", what: "value", value: oneLoginTemplate },
        ],
        press: "Unter API Connection „Enable“ wählen, dann „Save“.",
        behind: "OneLogin sucht eine Person, die es nicht gibt.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Bereitstellung einschalten",
        place: ["Ihre Anwendung", "Provisioning"],
        lines: [
          "„Enable provisioning“ wählen, und was geschieht, wenn ein Benutzer gelöscht wird.",
          "Solange Create, Update oder Delete eine Freigabe brauchen, wird nichts gesendet, bevor jemand unter Users, Provisioning freigibt.",
          "Hier und unter Configuration speichern.",
        ],
        checks: [],
      },
      {
        title: "Einer Rolle Zugriff geben",
        place: ["Ihre Anwendung", "Access"],
        lines: ["Eine Rolle mit Zugriff stellt ihre Personen bereit. Mit einer Rolle von einer Person anfangen."],
        checks: ["person"],
      },
      {
        title: "Gruppen senden, dann etwas ändern",
        place: ["Ihre Anwendung", "Parameters", "Groups"],
        lines: [
          "Groups in die Parameter aufnehmen und Regeln anlegen, die die Gruppen der Personen setzen.",
          "Für die letzten beiden Häkchen jemandes Titel ändern und jemanden sperren.",
        ],
        checks: ["group", "change", "deactivation"],
      },
    ],
  },
  jumpcloud: {
    tokenField: "Token Key",
    hint: "Identity Management einer SSO-Anwendung",
    steps: [
      {
        title: "Anwendung öffnen",
        place: ["SSO Applications", "Ihre SAML-Anwendung"],
        lines: ["SCIM steht in einer Anwendung für Single Sign-on, die zuerst gespeichert und aktiv sein muss."],
        checks: [],
      },
      {
        title: "JumpCloud Adresse und Token geben",
        place: ["Ihre SAML-Anwendung", "Identity Management"],
        lines: [
          "API type ist SCIM API, SCIM Version ist 2.0.",
          "Test User Email nimmt eine Adresse, die niemand in der Anwendung hat.",
        ],
        give: [
          { field: "Base URL", what: "url" },
          { field: "Token Key", what: "token" },
        ],
        press: "„Test Connection“ wählen, dann „Activate“, dann „Save“.",
        behind:
          "JumpCloud legt eine Testperson und, wenn Gruppen an sind, eine Testgruppe an und löscht sie wieder. Auch sie haken die erste Person und die erste Gruppe ab; das Protokoll zeigt sie mit Namen.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Gruppen wählen",
        place: ["Ihre SAML-Anwendung", "User Groups"],
        lines: [
          "Die Mitglieder gewählter Gruppen werden bereitgestellt. Sollen Gruppen mitkommen, ihre Verwaltung einschalten.",
          "Eine leere Gruppe wird nicht gesendet.",
        ],
        checks: ["person", "group"],
      },
      {
        title: "Etwas ändern",
        lines: ["Jemandes Namen ändern, dann jemanden aus den gewählten Gruppen nehmen: JumpCloud deaktiviert ihn."],
        checks: ["change", "deactivation"],
      },
    ],
  },
  other: {
    tokenField: "Bearer-Token",
    hint: "Alles, was SCIM 2.0 mit einem Bearer-Token spricht",
    steps: [
      {
        title: "Dem Client Adresse und Token geben",
        lines: [
          "Das Token steht im Authorization-Header: Bearer, ein Leerzeichen, das Token.",
          "Inhaltstypen sind application/scim+json und application/json.",
        ],
        give: [
          { field: "SCIM-Basisadresse", what: "url" },
          { field: "Bearer-Token", what: "token" },
        ],
        oauth: {
          url: { field: "SCIM-Basisadresse", what: "url" },
          client: [
            { field: "Token-Endpunkt", what: "tokenUrl" },
            { field: "Client-ID", what: "clientId" },
            { field: "Client-Secret", what: "clientSecret" },
            { field: "Scope", what: "scope" },
          ],
          lines: [
            "Der Grant-Typ ist Client Credentials. ID und Secret kommen im Formular oder als HTTP Basic; der Scope kann fehlen.",
            "Inhaltstypen sind application/scim+json und application/json.",
          ],
        },
        press: "Die Verbindung testen, wenn der Client das kann.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Eine Person und eine Gruppe senden",
        lines: [
          "POST /Users braucht einen userName, POST /Groups einen displayName. Ein vergebener userName gibt 409.",
        ],
        checks: ["person", "group"],
      },
      {
        title: "Ändern und deaktivieren",
        lines: ["Mit PATCH oder PUT ändern; wer geht, bekommt active false oder DELETE."],
        checks: ["change", "deactivation"],
      },
    ],
  },
};
