/** Causes in plain English. Names of menus and fields are spelled as the IdPs spell them. */
import { type CauseContext, type CauseTexts, limitText } from "./cause";
import { enLimits } from "./limits.en";
import { at, mappingPlace, tokenPlace, urlPlace } from "./places.en";

const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const number = new Intl.NumberFormat("en");

const day = (at: string | undefined) => {
  const time = Date.parse(at ?? "");
  return Number.isNaN(time) ? (at ?? "") : date.format(time);
};

const somebody = ({ who }: CauseContext) => who ?? "A record";

const again = "Nothing is lost: the IdP tries again by itself.";

const newToken = (context: CauseContext) => [
  "Create a credential here, or find the token of a live one in your secret store.",
  `${at(tokenPlace, context)}.`,
];

export const enCauses: CauseTexts = {
  token_missing: {
    short: "Requests came without a token",
    sentence: () => "A request came without a token.",
    steps: (context) => [
      `${at(tokenPlace, context)}.`,
      "If a token is set there, check that no proxy before this service drops the Authorization header.",
    ],
  },
  token_malformed: {
    short: "Requests came with something that is not one of our tokens",
    sentence: ({ params }) =>
      params.starts_with
        ? `A request came with something that is not one of our tokens. It starts with “${params.starts_with}”; ours start with “dsk_”.`
        : "A request came with something that is not one of our tokens. Ours start with “dsk_”.",
    steps: (context) => [
      "Copy the token whole, without quotes and without the word Bearer.",
      `${at(tokenPlace, context)}.`,
    ],
  },
  two_credentials: {
    short: "Requests came with more than one token",
    sentence: ({ params }) =>
      `A request came with ${params.count || "several"} Authorization headers, so nobody can say which token counts.`,
    steps: (context) => [
      "Find what else sets the header: a header of your own in the IdP's settings, or a proxy before this service. Take it out.",
      `Leave one token. ${at(tokenPlace, context)}.`,
    ],
  },
  token_unknown: {
    short: "Requests came with a token we do not know",
    sentence: ({ params }) =>
      `A request came with a token we do not know. It starts with “${params.starts_with ?? "dsk_"}”.`,
    steps: (context) => [
      "Compare its beginning with the list of credentials: it may be cut off or from another service.",
      ...newToken(context),
    ],
  },
  token_ended: {
    short: "Requests came with a token that has ended",
    sentence: ({ params }) =>
      `A request came with a token that ended on ${day(params.at)}. It starts with “${params.starts_with ?? "dsk_"}”.`,
    steps: newToken,
  },
  token_revoked: {
    short: "Requests came with a revoked token",
    sentence: ({ params }) =>
      `A request came with a token that was revoked on ${day(params.at)}. It starts with “${params.starts_with ?? "dsk_"}”.`,
    steps: newToken,
  },
  token_of_another_tenant: {
    short: "Requests came with another tenant's token",
    sentence: ({ params }) =>
      `A request came with the token of another tenant. It starts with “${params.starts_with ?? "dsk_"}”.`,
    steps: (context) => [`${at(urlPlace, context)}.`, "Use the URL and the token of the same tenant."],
  },
  connection_closed: {
    short: "Requests came over a closed connection",
    sentence: () => "The connection this token belongs to is closed.",
    steps: (context) => ["Create a credential under an open connection.", `${at(tokenPlace, context)}.`],
  },
  client_unknown: {
    short: "Token requests of an unknown client",
    sentence: ({ params }) =>
      `An access token was asked for by the client “${params.client ?? "…"}”, which this tenant does not have.`,
    steps: (context) => [
      "Compare the client ID with the list of credentials; it starts with “dsc_”.",
      `${at(urlPlace, context)}.`,
      "Use the token URL, client ID and secret of the same tenant.",
    ],
  },
  client_secret_wrong: {
    short: "Token requests with a wrong client secret",
    sentence: ({ params }) =>
      params.starts_with
        ? `The client ${params.client ?? "…"} sent a secret that it does not have. It starts with “${params.starts_with ?? "…"}”.`
        : `The client ${params.client ?? "…"} sent something that is none of our secrets. Ours start with “dss_”.`,
    steps: () => [
      "Copy the secret whole, without quotes. It is the secret's value that is asked for, not its id.",
      "Issue another secret of the client and set it in the IdP.",
    ],
  },
  client_secret_ended: {
    short: "Token requests with a secret that has ended",
    sentence: ({ params }) =>
      `The client's secret that starts with “${params.starts_with ?? "…"}” ended on ${day(params.at)}.`,
    steps: () => ["Issue another secret of the client and set it in the IdP.", again],
  },
  client_secret_revoked: {
    short: "Token requests with a revoked secret",
    sentence: ({ params }) =>
      `The client's secret that starts with “${params.starts_with ?? "…"}” was revoked on ${day(params.at)}.`,
    steps: () => ["Issue another secret of the client and set it in the IdP.", again],
  },
  assertion_mismatch: {
    short: "Signed assertions that say something else than was entered",
    sentence: ({ params }) =>
      `The signed assertion's ${params.claim ?? "…"} is “${params.received ?? "…"}”, but “${params.expected ?? "…"}” was entered here.`,
    steps: ({ params }) => [
      `If it comes from your IdP, enter “${params.received ?? "…"}” as ${params.claim ?? "…"} of the client, letter for letter.`,
      "Otherwise leave it as it is: it was refused.",
    ],
  },
  assertion_refused: {
    short: "Signed assertions that were refused",
    sentence: ({ params }) => `The signed assertion was refused: ${params.reason ?? "…"}.`,
    steps: () => [
      "Compare issuer, subject, audience and the address of the keys with what the IdP shows.",
      "Check the clock of whoever signs.",
    ],
  },
  trusted_keys_unreachable: {
    short: "Keys of the IdP that cannot be read",
    sentence: ({ params }) => `The keys at ${params.url ?? "…"} cannot be read: ${params.reason ?? "…"}.`,
    steps: () => [
      "Open the address in a browser: it shows a list of keys.",
      "Check that this service may reach it; only https addresses on the public internet are called.",
    ],
  },
  token_request: {
    short: "Token requests that are not as OAuth has them",
    sentence: ({ params }) => `The token request was refused: ${params.reason ?? "…"}.`,
    steps: () => ["Choose “client credentials” in the IdP, with the token URL that the client shows here."],
  },
  read_only_token: {
    short: "Writes came with a token that may only read",
    sentence: (context) => `${somebody(context)} was not changed: the token may only read.`,
    steps: (context) => ["Create a credential that may read and write.", `${at(tokenPlace, context)}.`],
  },
  tenant_suspended: {
    short: "The tenant is suspended",
    sentence: () => "The tenant is suspended, so nothing is taken in.",
    steps: () => ["Ask the operator of this service.", again],
  },
  unknown_route: {
    short: "Requests came to an address that does not exist",
    sentence: () => "The request's address does not exist here.",
    steps: (context) => [`${at(urlPlace, context)}.`, "The URL ends in /v2, without /Users or /Groups."],
  },
  method_not_allowed: {
    short: "A verb the address does not take",
    sentence: () => "The address exists, but does not take this verb.",
    steps: (context) => [`${at(urlPlace, context)}.`],
  },
  content_type: {
    short: "A content type we do not read",
    sentence: ({ params }) =>
      `The body was sent as ${params.sent || "nothing we know"}. We read application/scim+json and application/json.`,
    steps: () => ["Set the content type in the client to application/scim+json."],
  },
  content_encoding: {
    short: "Compressed bodies",
    sentence: ({ params }) =>
      `The body was sent with the content encoding ${params.sent || "of a kind we do not know"}. We read bodies as they are, without any.`,
    steps: () => ["Switch off the compression of requests in the client, or in the proxy before it."],
  },
  body_too_large: {
    short: "Requests larger than the limit",
    sentence: ({ params }) =>
      `The request is larger than the limit of ${number.format(Number(params.limit ?? 0))} bytes. Nothing of it was taken.`,
    steps: () => ["Send fewer members or operations in one request."],
  },
  body_too_slow: {
    short: "Bodies that came too slowly",
    sentence: ({ params }) =>
      `The request's body was not there after ${number.format(Number(params.limit ?? 0))} seconds. Nothing of it was taken.`,
    steps: () => [again],
  },
  invalid_syntax: {
    short: "Bodies we cannot read",
    sentence: () => "The request's body is no JSON, or not of the form SCIM asks for. Nothing of it was taken.",
    steps: () => [
      "If you wrote the client: compare the body with RFC 7644.",
      "Else send us the support note of this request.",
    ],
  },
  invalid_version: {
    short: "Requests for another version of SCIM",
    sentence: ({ params }) =>
      `The request's address names SCIM ${params.sent || "in another version"}. This service speaks v2.`,
    steps: (context) => [
      `${at(urlPlace, context)}. It ends in /v2.`,
      context.idp === "onelogin"
        ? "If the app has no such field: add it anew as SCIM Provisioner with SAML (SCIM v2 Enterprise)."
        : "In the IdP choose a connector for SCIM 2.0, not for 1.1.",
    ],
  },
  invalid_parameter: {
    short: "Parameters that are given twice or exclude each other",
    sentence: ({ params }) =>
      `The request was not answered: its parameter ${params.parameter || "…"} is given twice, or beside one that excludes it.`,
    steps: () => [
      "If you wrote the client: send each parameter once, and either attributes or excludedAttributes.",
      "Else send us the support note of this request.",
    ],
  },
  invalid_cursor: {
    short: "Pages of another list",
    sentence: () => "The IdP asked for a page by a cursor that was not issued for this list.",
    steps: () => ["The client begins anew without a cursor, and keeps filter and order the same from page to page."],
  },
  expired_cursor: {
    short: "Pages that were asked for too late",
    sentence: ({ params }) =>
      params.life
        ? `The IdP asked for the next page too late: a cursor is good for ${number.format(Number(params.life) / 60)} minutes.`
        : "The IdP asked for the next page too late: its cursor is no longer good.",
    steps: () => [
      "The client begins anew without a cursor.",
      "If it happens again: let it read all pages first and work on them afterwards.",
    ],
  },
  discovery_filtered: {
    short: "Filters on what the service can do",
    sentence: ({ params }) =>
      `The IdP asked ${params.endpoint || "what the service can do"} with a filter, which SCIM forbids: it is read as a whole.`,
    steps: () => [
      "If you wrote the client: leave the filter out, and choose from the whole answer.",
      "Else nothing has to be done. People and groups do not depend on it.",
    ],
  },
  invalid_filter: {
    short: "Questions we cannot answer",
    sentence: ({ params }) =>
      params.attribute
        ? `The IdP asked something we cannot answer: nobody can be found by ${params.attribute}.`
        : "The IdP asked something we cannot answer: its filter cannot be read.",
    steps: (context) => [
      `${at(mappingPlace, context)} that people or groups are matched by.`,
      "Match people by userName, and groups by displayName or externalId.",
    ],
  },
  invalid_path: {
    short: "Changes to an attribute we cannot find",
    sentence: (context) =>
      `${somebody(context)} was not changed: the path ${context.params.path || "of an attribute"} cannot be read.`,
    steps: (context) => [`${at(mappingPlace, context)}. The target attribute's name is misspelt or of another schema.`],
  },
  required_missing: {
    short: "Required values that are empty",
    sentence: (context) =>
      `${somebody(context)} was rejected: ${context.params.attribute || "a required value"} is empty, and nobody can be without it.`,
    steps: (context) => [
      `${at(mappingPlace, context)} of ${context.params.attribute || "this attribute"}.`,
      "Fill it in there for this person, or map another attribute that everybody has.",
    ],
  },
  invalid_value: {
    short: "Values of the wrong kind",
    sentence: (context) =>
      `${somebody(context)} was rejected: the value of ${context.params.attribute || "an attribute"} is of the wrong kind.`,
    steps: (context) => [`${at(mappingPlace, context)}. Its kind must be the one that the schema page names.`],
  },
  mutability: {
    short: "Changes to what cannot be changed",
    sentence: (context) =>
      `${somebody(context)} was not changed: ${context.params.attribute || "the attribute"} can only be read, or stays as it was first set.`,
    steps: (context) => [
      `${at(mappingPlace, context)}, and take ${context.params.attribute || "it"} out of what is updated.`,
    ],
  },
  no_target: {
    short: "Changes that fit no value",
    sentence: (context) => `${somebody(context)} was not changed: the value to be changed is not there.`,
    steps: () => ["In most cases the next full sync puts it right. Restart it in the IdP if it does not."],
  },
  too_many: {
    short: "Requests beyond a limit",
    sentence: ({ params }) => {
      const limit = limitText(enLimits.bounds, params.what, params.limit, number);
      return `The request goes beyond a limit. ${limit ?? "The answer's detail names it."} Nothing of it was taken.`;
    },
    steps: ({ params }) => [
      params.what === "group_members"
        ? "Make several groups of it in the IdP, and assign each of them."
        : "Send the rest in further requests.",
    ],
  },
  lost_reference: {
    short: "Bulk operations that need what another one did not make",
    sentence: (context) =>
      `${somebody(context)} was rejected: the operation “${context.params.name || "…"}” of the same bulk request made nothing to refer to.`,
    steps: () => [
      "Mend first what that operation was refused for. Its bulkId must be spelled the same in both.",
      "Then send what was refused again.",
    ],
  },
  incomplete_ring: {
    short: "Written without a reference",
    sentence: (context) =>
      `${somebody(context)} was written, but without the reference to what the operation “${context.params.name || "…"}” should have made.`,
    steps: () => ["Mend what that operation was refused for, then send it and the reference again."],
  },
  members_waiting: {
    short: "Members of groups who are not here yet",
    sentence: ({ params, who }) =>
      params.count === "1"
        ? `1 member of ${who ?? "a group"} is not here yet, and joins when the IdP sends them.`
        : `${number.format(Number(params.count ?? 0))} members of ${who ?? "a group"} are not here yet. They join when the IdP sends them.`,
    steps: ({ idp }) => [
      "Wait for the next sync: groups are often sent before all of their people.",
      idp === "okta"
        ? "If they stay away: assign them to the app. Okta pushes a group's members only when they are assigned."
        : "If they stay away: assign them to the app in the IdP, or look in its own log for why they were not sent.",
    ],
  },
  uniqueness: {
    short: "People or groups were rejected: a name is taken",
    sentence: (context) =>
      `${somebody(context)} was rejected: the ${context.params.attribute || "value"}${
        context.params.value ? ` ${context.params.value}` : ""
      } already belongs to someone else.`,
    steps: (context) => [
      "Open who holds it: if both are the same person, match them in the IdP.",
      `${at(mappingPlace, context)}. If they are two people, give one another value.`,
    ],
  },
  not_found: {
    short: "Requests about someone who is not here",
    sentence: () => "The IdP asked for an id that is not here, or no longer.",
    steps: () => [
      "After a deletion this is expected, and nothing has to be done.",
      "Else the IdP remembers an old id: restart its provisioning, so that it matches again.",
    ],
  },
  stale: {
    short: "Changes based on an old version",
    sentence: (context) => `${somebody(context)} was not changed: the request was based on an older version.`,
    steps: () => [again],
  },
  repair_refused: {
    short: "Requests that the strict connection does not repair",
    sentence: (context) =>
      `${somebody(context)} was rejected: the request is not quite what the standard asks for, and this connection is strict.`,
    steps: () => ["Allow repairs for the connection on the credentials page, or correct the client."],
  },
  not_implemented: {
    short: "Parts of the standard we do not offer",
    sentence: () => "The IdP asked for a part of the standard that this service does not offer.",
    steps: () => ["Switch the feature off in the IdP. People and groups do not depend on it."],
  },
  too_fast: {
    short: "Requests came too fast",
    sentence: ({ params }) => {
      const wait = params.wait ? ` ${number.format(Number(params.wait))} s` : "";
      const limit = limitText(enLimits.paces, params.which, params.limit, number);
      return `Too many requests came in a short time, so this one has to wait${wait}.${limit ? ` ${limit}` : ""}`;
    },
    steps: (context) => {
      const { which } = context.params;
      const before = "The requests before it say what is wrong with the token.";
      if (which === "failures") return [before, ...newToken(context)];
      const often =
        which === "ceiling"
          ? "If it happens often: ask the operator of this service for a higher ceiling."
          : "If it happens often: let the IdP send fewer requests at one time, where it can be told to.";
      return [again, often];
    },
  },
  unavailable: {
    short: "We were too busy",
    sentence: () => "We could not take this request at that moment. Nothing was half done.",
    steps: () => [again],
  },
  internal: {
    short: "We failed",
    sentence: () => "We failed. The IdP will try again; nothing was half done.",
    steps: () => ["If it happens again, send the operator the request id below."],
  },
};
