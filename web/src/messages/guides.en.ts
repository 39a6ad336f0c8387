/** The guides in English. Names of menus and fields are the IdPs' own. */
import type { Guides } from "./setup";
import { oneLoginTemplate } from "./template";

export const guidesEn: Guides = {
  entra: {
    tokenField: "Secret Token",
    hint: "An enterprise application with provisioning",
    steps: [
      {
        title: "Make an application",
        place: ["Entra admin center", "Enterprise apps", "New application", "Create your own application"],
        lines: [
          "Give it a name and choose “Integrate any other application you don't find in the gallery”.",
          "An application that you have for single sign-on will do as well.",
        ],
        checks: [],
      },
      {
        title: "Give Entra the address and the token",
        place: ["Enterprise apps", "your application", "Provisioning", "New configuration"],
        lines: [
          "Never leave Secret Token empty: Entra would sign a token of its own, which is not accepted here.",
          "Where Entra offers a token endpoint with client identifier and secret, an OAuth client does instead of the token.",
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
            "Choose client credentials as the authentication method. Scope may be left empty where Entra does not ask for it.",
            "For workload identity federation, which needs no secret, make an OAuth client with signed assertions under Credentials.",
          ],
        },
        press: "Choose “Test Connection”, then “Create”.",
        behind: "It looks for a person with a random id, and may look for a group. Finding nobody is the right answer.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Choose who comes along",
        place: ["Enterprise apps", "your application", "Users and groups"],
        lines: [
          "Assign people and groups. The mappings that Entra proposes are understood as they are.",
          "Under Properties of the provisioning you can set an address for notices and a threshold for accidental deletions.",
        ],
        checks: [],
      },
      {
        title: "Try one person",
        place: ["Enterprise apps", "your application", "Provisioning", "Provision on demand"],
        lines: ["Choose one of the assigned people and press “Provision”."],
        behind: "It looks for the person by the matching attribute, then creates them.",
        checks: ["person"],
      },
      {
        title: "Start provisioning",
        place: ["Enterprise apps", "your application", "Provisioning", "Start provisioning"],
        lines: [
          "Entra works through everybody in scope, then keeps up with changes in cycles of its own.",
          "To see the last two ticks, change somebody's title and take somebody's assignment away.",
        ],
        behind:
          "People come first, managers in a second pass, then groups and their members. Who is unassigned is deactivated, not deleted.",
        checks: ["group", "change", "deactivation"],
      },
    ],
  },
  okta: {
    tokenField: "API Token",
    hint: "The SCIM 2.0 Test App, or an app of yours with SCIM",
    steps: [
      {
        title: "Add the application",
        place: ["Applications", "Browse App Catalog", "SCIM 2.0 Test App (OAuth Bearer Token)"],
        lines: [
          "Or open a SAML or SWA app that was made with the wizard, and choose SCIM under General, Provisioning.",
        ],
        checks: [],
      },
      {
        title: "Give Okta the address and the token",
        place: ["your application", "Provisioning", "Configure API Integration"],
        lines: [
          "The field takes the bare token, without the word Bearer.",
          "In an app of the wizard the fields are “SCIM connector base URL”, “Unique identifier field for users” (userName), and “HTTP Header” under Authentication Mode, with the token.",
        ],
        give: [
          { field: "Base URL", what: "url" },
          { field: "API Token", what: "token" },
        ],
        press: "Choose “Test API Credentials” (in an app of the wizard “Test Connector Configuration”), then “Save”.",
        behind: "It lists people and groups.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Switch the actions on",
        place: ["your application", "Provisioning", "To App"],
        lines: ["Enable “Create Users”, “Update User Attributes” and “Deactivate Users”. They are off until you do."],
        checks: [],
      },
      {
        title: "Assign a person",
        place: ["your application", "Assignments"],
        lines: ["Assign one person first, then groups. Okta sends each at once."],
        behind: "It looks for the userName, then creates the person.",
        checks: ["person"],
      },
      {
        title: "Push groups, then change something",
        place: ["your application", "Push Groups"],
        lines: [
          "Push a group by name or by rule. Its members need an assignment of their own too.",
          "To see the last two ticks, change a profile and take an assignment away.",
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
        title: "Add the application",
        place: ["Applications", "Add App", "SCIM Provisioner with SAML (SCIM v2 Enterprise)"],
        lines: [
          "Take a connector with “SCIM v2” in its name. Those called “Core Schema” and “Enterprise Schema” speak SCIM 1.1.",
        ],
        checks: [],
      },
      {
        title: "Give OneLogin the address, the token and the template",
        place: ["your application", "Configuration"],
        lines: ["The template says what of a person is sent. Groups do not belong in it."],
        give: [
          { field: "SCIM Base URL", what: "url" },
          { field: "SCIM Bearer Token", what: "token" },
          { field: "SCIM JSON Template", what: "value", value: oneLoginTemplate },
        ],
        press: "Choose “Enable” under API Connection, then “Save”.",
        behind: "It looks for a person who does not exist.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Switch provisioning on",
        place: ["your application", "Provisioning"],
        lines: [
          "Choose “Enable provisioning”, and what happens when a user is deleted.",
          "While Create, Update or Delete need approval, nothing is sent before somebody approves it under Users, Provisioning.",
          "Save here as well as under Configuration.",
        ],
        checks: [],
      },
      {
        title: "Give a role access",
        place: ["your application", "Access"],
        lines: ["A role with access provisions its people. Begin with a role of one."],
        checks: ["person"],
      },
      {
        title: "Send groups, then change something",
        place: ["your application", "Parameters", "Groups"],
        lines: [
          "Include Groups in the parameters, and make rules that set the groups of people.",
          "To see the last two ticks, change somebody's title and suspend somebody.",
        ],
        checks: ["group", "change", "deactivation"],
      },
    ],
  },
  jumpcloud: {
    tokenField: "Token Key",
    hint: "Identity Management of an SSO application",
    steps: [
      {
        title: "Open the application",
        place: ["SSO Applications", "your SAML application"],
        lines: ["SCIM stands inside an application for single sign-on, which has to be saved and active first."],
        checks: [],
      },
      {
        title: "Give JumpCloud the address and the token",
        place: ["your SAML application", "Identity Management"],
        lines: [
          "API type is SCIM API, SCIM Version is 2.0.",
          "Test User Email takes an address that nobody in the application has.",
        ],
        give: [
          { field: "Base URL", what: "url" },
          { field: "Token Key", what: "token" },
        ],
        press: "Choose “Test Connection”, then “Activate”, then “Save”.",
        behind:
          "It makes a test user and, with groups on, a test group, and deletes them again. They tick the first person and the first group too; the sync log shows them by name.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Choose groups",
        place: ["your SAML application", "User Groups"],
        lines: [
          "The members of chosen groups are provisioned. Switch on the management of groups and memberships if groups shall come along.",
          "An empty group is not sent.",
        ],
        checks: ["person", "group"],
      },
      {
        title: "Change something",
        lines: ["Change somebody's name, then take somebody out of the chosen groups: JumpCloud deactivates them."],
        checks: ["change", "deactivation"],
      },
    ],
  },
  other: {
    tokenField: "Bearer token",
    hint: "Anything that speaks SCIM 2.0 with a bearer token",
    steps: [
      {
        title: "Give your client the address and the token",
        lines: [
          "The token goes into the Authorization header: Bearer, a space, the token.",
          "Content types are application/scim+json and application/json.",
        ],
        give: [
          { field: "SCIM base URL", what: "url" },
          { field: "Bearer token", what: "token" },
        ],
        oauth: {
          url: { field: "SCIM base URL", what: "url" },
          client: [
            { field: "Token endpoint", what: "tokenUrl" },
            { field: "Client ID", what: "clientId" },
            { field: "Client secret", what: "clientSecret" },
            { field: "Scope", what: "scope" },
          ],
          lines: [
            "The grant type is client credentials. Id and secret may come in the form or as HTTP Basic; the scope may be left out.",
            "Content types are application/scim+json and application/json.",
          ],
        },
        press: "Test the connection, if your client can.",
        checks: ["address", "credential", "idp", "look_up"],
      },
      {
        title: "Send a person and a group",
        lines: [
          "POST /Users needs a userName, POST /Groups a displayName. A userName that is taken is answered with 409.",
        ],
        checks: ["person", "group"],
      },
      {
        title: "Change and deactivate",
        lines: ["Change by PATCH or PUT; set active to false, or DELETE, for who leaves."],
        checks: ["change", "deactivation"],
      },
    ],
  },
};
