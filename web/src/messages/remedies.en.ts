/** What to do so that nothing has to be rewritten, by rule and IdP, in plain English. */
import type { Idp, RepairRule } from "../api/types";
import { mappingPlace } from "./places.en";

type Remedy = (idp: Idp | undefined) => string;

const names: Record<Exclude<Idp, "other">, string> = {
  entra: "Entra",
  okta: "Okta",
  onelogin: "OneLogin",
  jumpcloud: "JumpCloud",
};

/** What is no setting of the IdP's. */
const dialect: Remedy = (idp) =>
  idp === undefined || idp === "other"
    ? "Nothing has to be done: it is read as it is meant. If you wrote the client, let it send what RFC 7644 says."
    : `Nothing has to be done: ${names[idp]} writes it this way, and it is read as it is meant.`;

const flag: Remedy = (idp) =>
  idp === "entra"
    ? "Nothing has to be done. To be rid of it: in Entra, Enterprise applications, your app, Provisioning, Admin credentials, end Tenant URL in ?aadOptscim062020."
    : dialect(idp);

const mapping =
  (advice: string): Remedy =>
  (idp) =>
    `${mappingPlace[idp ?? "other"]}. ${advice}`;

const connector: Remedy = (idp) =>
  idp === "onelogin"
    ? "In OneLogin: add the app anew as SCIM Provisioner with SAML (SCIM v2 Enterprise); this one speaks SCIM 1.1."
    : "In the IdP choose a connector for SCIM 2.0, not for 1.1.";

const sameKind = mapping("Map a field of the kind that the schema page names, or leave it: the value is taken.");
const unknown = mapping("Take it out, or register an extension that has it on the schema page. Else it is not kept.");

export const enRemedies: Record<RepairRule, Remedy> = {
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
  extension_without_urn: mapping("Name the target with the URN of its extension, or leave it: the value is taken."),
  missing_schemas: dialect,
  unknown_schema: dialect,
  scim11_schema: connector,
  scim11_members: connector,
  several_primary: mapping("Only one e-mail, one phone number and one address may be primary."),
  active_kept: mapping("“active” must be true or false for everybody: until then it stays as it was."),
  member_from_reference: dialect,
  member_without_value: () =>
    "If somebody is missing in the group: assign them to the app in the IdP, then restart it.",
  single_operation: dialect,
  remove_with_value: dialect,
  read_only_ignored: dialect,
};
