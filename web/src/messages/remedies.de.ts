/** Was zu tun ist, damit nichts umgeschrieben werden muss, nach Regel und IdP, auf Deutsch. */
import type { Idp, RepairRule } from "../api/types";
import { mappingPlace } from "./places.de";

type Remedy = (idp: Idp | undefined) => string;

const names: Record<Exclude<Idp, "other">, string> = {
  entra: "Entra",
  okta: "Okta",
  onelogin: "OneLogin",
  jumpcloud: "JumpCloud",
};

const dialect: Remedy = (idp) =>
  idp === undefined || idp === "other"
    ? "Nichts ist zu tun: es wird gelesen, wie es gemeint ist. Einen eigenen Client senden lassen, was RFC 7644 sagt."
    : `Nichts ist zu tun: ${names[idp]} schreibt es so, und es wird gelesen, wie es gemeint ist.`;

const flag: Remedy = (idp) =>
  idp === "entra"
    ? "Nichts ist zu tun. Wer es loswerden will: in Entra, Enterprise applications, die App, Provisioning, Admin credentials, Tenant URL auf ?aadOptscim062020 enden lassen."
    : dialect(idp);

const mapping =
  (advice: string): Remedy =>
  (idp) =>
    `${mappingPlace[idp ?? "other"]}. ${advice}`;

const connector: Remedy = (idp) =>
  idp === "onelogin"
    ? "In OneLogin: die App neu anlegen als SCIM Provisioner with SAML (SCIM v2 Enterprise); diese spricht SCIM 1.1."
    : "Im IdP einen Konnektor für SCIM 2.0 wählen, nicht für 1.1.";

const sameKind = mapping("Ein Feld der Art zuordnen, die die Seite der Schemas nennt, oder es lassen: der Wert gilt.");
const unknown = mapping(
  "Es herausnehmen, oder auf der Seite der Schemas eine Erweiterung eintragen, die es hat: bis dahin bleibt es nicht.",
);

export const deRemedies: Record<RepairRule, Remedy> = {
  boolean_from_text: flag,
  text_from_number: sameKind,
  number_from_text: sameKind,
  wrapped_in_list: dialect,
  unwrapped_from_list: dialect,
  manager_from_text: dialect,
  manager_id_renamed: connector,
  object_from_text: dialect,
  value_from_object: dialect,
  unknown_attribute: unknown,
  unknown_path: unknown,
  operation_name_case: flag,
  dotted_key: dialect,
  extension_without_urn: mapping("Das Ziel mit der URN seiner Erweiterung nennen, oder es lassen: der Wert gilt."),
  missing_schemas: dialect,
  unknown_schema: dialect,
  scim11_schema: connector,
  scim11_members: connector,
  several_primary: mapping("Nur eine E-Mail, eine Telefonnummer und eine Anschrift darf primär sein."),
  active_kept: mapping("„active“ muss für alle true oder false sein: bis dahin bleibt es, wie es war."),
  member_from_reference: dialect,
  member_without_value: () => "Fehlt jemand in der Gruppe: im IdP der App zuweisen und den Abgleich neu starten.",
  single_operation: dialect,
  remove_with_value: dialect,
  read_only_ignored: dialect,
};
