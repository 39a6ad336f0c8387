/** Where to look in each IdP. Names of menus and fields are spelled as the IdPs spell them. */
import type { Idp } from "../api/types";
import type { CauseContext } from "./cause";

/** Where a token is pasted. */
export const tokenPlace: Record<Idp, string> = {
  entra:
    "In Entra: Enterprise applications, your app, Provisioning, Admin credentials: paste it into Secret token, then choose Test connection",
  okta: "In Okta: your app, Provisioning, Integration: paste it into the token field, then choose the test of the credentials",
  onelogin: "In OneLogin: your app, Configuration: paste it into SCIM Bearer Token, then enable the API connection",
  jumpcloud: "In JumpCloud: your app, Identity Management: paste it into Token Key, then choose Test Connection",
  other: "In the IdP's provisioning settings: paste it as the bearer token, then test the connection",
};

export const urlPlace: Record<Idp, string> = {
  entra:
    "In Entra: Enterprise applications, your app, Provisioning: compare Tenant URL with the SCIM URL on the credentials page",
  okta: "In Okta: your app, Provisioning, Integration: compare the base URL with the SCIM URL on the credentials page",
  onelogin: "In OneLogin: your app, Configuration: compare SCIM Base URL with the SCIM URL on the credentials page",
  jumpcloud: "In JumpCloud: your app, Identity Management: compare Base URL with the SCIM URL on the credentials page",
  other: "In the IdP's provisioning settings: compare the address with the SCIM URL on the credentials page",
};

export const mappingPlace: Record<Idp, string> = {
  entra: "In Entra: Enterprise applications, your app, Provisioning, Mappings: look at the attribute's source",
  okta: "In Okta: your app, Provisioning, To App: look at the attribute mappings",
  onelogin: "In OneLogin: your app, Parameters: look at the attribute's value",
  jumpcloud: "In JumpCloud: the person's details: look at the attribute's value",
  other: "In the IdP's attribute mapping: look at the attribute's source",
};

/** The place of the IdP that asked. */
export const at = (places: Record<Idp, string>, { idp }: CauseContext) => places[idp ?? "other"];
