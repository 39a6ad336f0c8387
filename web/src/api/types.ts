/** The API's nouns under short names, so that pages do not depend on how the document was generated. */
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type SessionTenant = Session["tenants"][number];
export type Tenant = Schemas["Tenant"];
export type TenantStanding = Schemas["TenantStanding"];
export type TenantOrder = Schemas["TenantOrder"];
export type TenantHealthNews = Schemas["TenantHealthNews"];
export type Confidence = Schemas["Confidence"];
export type CeilingChange = Schemas["RequestCeilingChange"];
export type OldSlug = Schemas["OldSlug"];
export type Connection = Schemas["Connection"];
export type Credential = Schemas["Credential"];
export type Rotation = Schemas["Rotation"];
export type CredentialRights = Credential["rights"];
export type OAuthClient = Schemas["OAuthClient"];
export type ClientSecret = Schemas["ClientSecret"];
export type ClientTrust = Schemas["ClientTrust"];
export type NewTrust = Schemas["NewTrust"];
export type ExtensionSchema = Schemas["ExtensionSchema"];
export type Idp = Connection["idp"];
export type UserSummary = Schemas["UserSummary"];
export type UserDetail = Schemas["UserDetail"];
export type GroupSummary = Schemas["GroupSummary"];
export type GroupDetail = Schemas["GroupDetail"];
export type Member = Schemas["Member"];
export type UnresolvedMember = Schemas["UnresolvedMember"];
export type SyncEventSummary = Schemas["SyncEventSummary"];
export type SyncEvent = Schemas["SyncEvent"];
export type LoggedMessage = Schemas["LoggedMessage"];
export type Outcome = SyncEventSummary["outcome"];
export type RequestFigures = Schemas["RequestFigures"];
export type RequestProblem = Schemas["RequestProblem"];
export type ConnectionHealthReport = Schemas["ConnectionHealthReport"];
export type EndingCredential = Schemas["EndingCredential"];
export type RepairRule = Schemas["RepairRule"];
export type Cause = NonNullable<SyncEventSummary["cause"]>;
export type Repair = SyncEvent["repairList"][number];
export type Change = Schemas["Change"];
export type TimelineItem = Schemas["TimelineItem"];
export type TimelineSubject = Schemas["TimelineSubject"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditAct = Schemas["AuditAct"];
export type System = Schemas["System"];
export type SelfCheck = Schemas["SelfCheck"];
export type Setup = Schemas["Setup"];
export type SetupLink = Schemas["SetupLink"];
export type SetupChecks = Schemas["SetupChecks"];
export type SetupRefusal = NonNullable<SetupChecks["refusal"]>;
export type SetupCheck = SetupChecks["checks"][number];
export type SetupCheckName = SetupCheck["name"];
export type Role = Schemas["Role"];
/** What one can be in a tenant. */
export type TenantRole = Exclude<Role, "operator">;
export type Invitation = Schemas["Invitation"];
export type OpenInvitation = Schemas["OpenInvitation"];
export type MadeInvitation = Schemas["MadeInvitation"];
export type ResetLink = Schemas["ResetLink"];
export type Person = Schemas["Person"];
export type TenantPerson = Schemas["TenantPerson"];
export type OwnSession = Schemas["OwnSession"];
export type ApiKey = Schemas["ApiKey"];
export type Webhook = Schemas["Webhook"];
export type WebhookState = Webhook["state"];
export type NewWebhook = Schemas["NewWebhook"];
export type WebhookChange = Schemas["WebhookChange"];
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type DeliveryOutcome = Delivery["outcome"];
export type Acknowledgements = Schemas["AcknowledgementReport"];
export type Acknowledgement = Acknowledgements["readers"][number];
/** A change with when readers said that they had applied it, and with its roles, where the service tells so. */
export type FollowedChange = Change & {
  acknowledged?: { reader: Acknowledgement["reader"]; at: string; seconds: number }[];
  rolesAdded?: string[];
  rolesRemoved?: string[];
};
/** A role of the app, which groups give to their people; `Role` is what somebody is in this console. */
export type AppRole = Schemas["AppRole"];
export type NewAppRole = Schemas["NewAppRole"];
export type MappedRole = Schemas["MappedRole"];
export type RoleMappingPreview = Schemas["RoleMappingPreview"];
export type UserAccess = Schemas["UserAccess"];
/** What a service does not name it does not have. */
export type SignInOptions = Schemas["SignInOptions"] & { passkeys?: boolean; provider?: { name: string } };
