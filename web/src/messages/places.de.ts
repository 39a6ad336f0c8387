/** Wo in jedem IdP nachzusehen ist. Namen von Menüs und Feldern stehen so da, wie der IdP sie schreibt. */
import type { Idp } from "../api/types";
import type { CauseContext } from "./cause";

export const tokenPlace: Record<Idp, string> = {
  entra:
    "In Entra: Enterprise applications, die App, Provisioning, Admin credentials: in Secret token einfügen, dann Test connection",
  okta: "In Okta: die App, Provisioning, Integration: in das Feld für den Token einfügen, dann die Zugangsdaten testen",
  onelogin: "In OneLogin: die App, Configuration: in SCIM Bearer Token einfügen, dann die API-Verbindung einschalten",
  jumpcloud: "In JumpCloud: die App, Identity Management: in Token Key einfügen, dann Test Connection",
  other: "In der Bereitstellung des IdP: als Bearer-Token einfügen, dann die Verbindung testen",
};

export const urlPlace: Record<Idp, string> = {
  entra:
    "In Entra: Enterprise applications, die App, Provisioning: Tenant URL mit der SCIM-URL unter Zugangsdaten vergleichen",
  okta: "In Okta: die App, Provisioning, Integration: die Basis-URL mit der SCIM-URL unter Zugangsdaten vergleichen",
  onelogin: "In OneLogin: die App, Configuration: SCIM Base URL mit der SCIM-URL unter Zugangsdaten vergleichen",
  jumpcloud: "In JumpCloud: die App, Identity Management: Base URL mit der SCIM-URL unter Zugangsdaten vergleichen",
  other: "In der Bereitstellung des IdP: die Adresse mit der SCIM-URL unter Zugangsdaten vergleichen",
};

export const mappingPlace: Record<Idp, string> = {
  entra: "In Entra: Enterprise applications, die App, Provisioning, Mappings: die Quelle des Attributs ansehen",
  okta: "In Okta: die App, Provisioning, To App: die Zuordnung der Attribute ansehen",
  onelogin: "In OneLogin: die App, Parameters: den Wert des Attributs ansehen",
  jumpcloud: "In JumpCloud: die Angaben der Person: den Wert des Attributs ansehen",
  other: "In der Attributzuordnung des IdP: die Quelle des Attributs ansehen",
};

/** Der Ort im IdP, der gefragt hat. */
export const at = (places: Record<Idp, string>, { idp }: CauseContext) => places[idp ?? "other"];
