/** What goes wrong before a person or group is looked at: tokens, addresses, questions, whole requests, how many. */
import { freshSlug } from "./test";
import { ada, bulk, create, idOf, lookup, madeUp, person, scim, status, type Wrong } from "./wrong";

export const outside: Wrong[] = [
  {
    what: "no token came",
    happens: (g) => g.raw("GET", lookup(g), {}),
    status: 401,
    cause: /without a token/,
    remedy: /no proxy before this service drops the Authorization header/,
  },
  {
    what: "something came that is no token of ours",
    idp: "okta",
    happens: (g) => status(g.with("okta-made-this-up").send("GET", lookup(g))),
    status: 401,
    cause: /something that is not one of our tokens/,
    remedy: /without the word Bearer/,
  },
  {
    what: "the token was never issued",
    happens: (g) => status(g.with(madeUp()).send("GET", lookup(g))),
    status: 401,
    cause: /a token we do not know.*dsk_aaaa/,
    remedy: /Compare its beginning with the list of credentials/,
  },
  {
    what: "the token has ended",
    idp: "entra",
    flags: ["--days", "1"],
    happens: async (g) => {
      await g.service.sql(`UPDATE credentials SET ends_at = 1700000000000000 WHERE id = ${idOf(g, g.tokenId)}`);
      return status(g.idp.send("GET", lookup(g)));
    },
    status: 401,
    cause: /a token that ended on 14 Nov 2023/,
    remedy: /In Entra: .*Secret token/,
  },
  {
    what: "the token was revoked",
    idp: "okta",
    happens: async (g) => {
      g.service.run(["token", "revoke", g.slug, g.tokenId]);
      return status(g.idp.send("GET", lookup(g)));
    },
    status: 401,
    cause: /a token that was revoked on/,
    remedy: /In Okta: .*token field/,
  },
  {
    what: "the token is another tenant's",
    happens: async (g) => {
      const other = freshSlug("other");
      g.service.tenant("Other Ltd", other);
      return status(g.with(g.service.token(other)).send("GET", lookup(g)));
    },
    status: 401,
    cause: /the token of another tenant/,
    remedy: /URL and the token of the same tenant/,
  },
  {
    what: "the connection is closed",
    happens: async (g) => {
      const { items } = (await g.api("get", "/connections")) as unknown as { items: { id: string }[] };
      await g.api("patch", `/connections/${items[0]?.id}`, { state: "closed" });
      return status(g.idp.send("GET", lookup(g)));
    },
    status: 401,
    cause: /The connection this token belongs to is closed/,
    remedy: /credential under an open connection/,
  },
  {
    what: "the token may only read",
    flags: ["--read-only"],
    happens: async (g) => [await status(g.idp.send("POST", "/Users", ada(g))), g.human],
    status: 403,
    cause: /was not changed: the token may only read/,
    remedy: /Create a credential that may read and write/,
  },
  {
    what: "the tenant is suspended",
    happens: async (g) => {
      g.service.run(["tenant", "suspend", g.slug]);
      return status(g.idp.send("GET", lookup(g)));
    },
    status: 503,
    cause: /The tenant is suspended/,
    remedy: /Ask the operator of this service/,
  },
  {
    what: "the filter cannot be read",
    happens: (g) => status(g.idp.send("GET", `/Users?filter=${encodeURIComponent(`userName is "${g.name}"`)}`)),
    status: 400,
    cause: /its filter cannot be read/,
    remedy: /Match people by userName/,
  },
  {
    what: "the filter names an attribute nobody can be found by",
    happens: (g) => status(g.idp.send("GET", `/Users?filter=${encodeURIComponent(`shoeSize eq "${g.name}"`)}`)),
    status: 400,
    cause: /nobody can be found by shoeSize/,
    remedy: /that people or groups are matched by/,
  },
  {
    what: "the body is no JSON",
    happens: async (g) => {
      const body = `${JSON.stringify(ada(g)).slice(0, -1)},`;
      return [await g.raw("POST", "/Users", { authorization: `Bearer ${g.token}`, ...scim }, body), g.human];
    },
    status: 400,
    cause: /The request's body is no JSON/,
    remedy: /compare the body with RFC 7644/,
  },
  {
    what: "the body is of a type we do not read",
    happens: async (g) => {
      const headers = { authorization: `Bearer ${g.token}`, "content-type": "text/xml" };
      return [await g.raw("POST", "/Users", headers, JSON.stringify(ada(g))), g.human];
    },
    status: 415,
    cause: /sent as text\/xml/,
    remedy: /Set the content type in the client/,
  },
  {
    what: "the body is too large",
    happens: async (g) => {
      const body = JSON.stringify(ada(g, { note: "x".repeat(9 * 1024 * 1024) }));
      return [await g.raw("POST", "/Users", { authorization: `Bearer ${g.token}`, ...scim }, body), g.human];
    },
    status: 413,
    cause: /larger than the limit of 8,388,608 bytes/,
    remedy: /Send fewer members or operations/,
  },
  {
    what: "requests come faster than the tenant's ceiling",
    happens: async (g) => {
      g.service.run(["tenant", "ceiling", g.slug, "1"]);
      for (let tries = 0; tries < 50; tries += 1) {
        const answer = await g.idp.send("GET", lookup(g));
        if (answer.status === 429) return 429;
      }
      return 200;
    },
    status: 429,
    cause: /Too many requests came in a short time.*ceiling in requests a second is 1\./,
    remedy: /the IdP tries again by itself/,
  },
  {
    what: "the address is misspelt",
    idp: "jumpcloud",
    happens: (g) => status(g.idp.send("GET", lookup(g).replace("/Users", "/User"))),
    status: 404,
    cause: /The request's address does not exist here/,
    remedy: /In JumpCloud: .*Base URL/,
  },
  {
    what: "the address does not take the verb",
    happens: async (g) => {
      const id = await person(g);
      return [await status(g.idp.send("POST", `/Users/${id}`, ada(g))), g.human];
    },
    status: 405,
    cause: /does not take this verb/,
    remedy: /compare the address with the SCIM URL/,
  },
  {
    what: "a part of the standard that nobody offers",
    happens: (g) => status(g.idp.send("GET", lookup(g).replace("/Users", "/Me"))),
    status: 501,
    cause: /a part of the standard that this service does not offer/,
    remedy: /Switch the feature off in the IdP/,
  },
  {
    what: "an OAuth client sends another one's secret",
    idp: "okta",
    happens: async (g) => {
      const make = (name: string) =>
        g.service.run<{ clientId: string; clientSecret: string }>(["client", "create", g.slug, "--name", name]);
      const [{ clientId }, { clientSecret }] = [make("Sync"), make("Other")];
      const answer = await fetch(`${g.service.url}/oauth/${g.slug}/token`, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      // A request for a token is about nobody but the client.
      return [answer.status, clientId];
    },
    status: 401,
    cause: /The client dsc_\w+ sent a secret that it does not have\. It starts with “dss_/,
    remedy: /Copy the secret whole/,
  },
  {
    what: "the address is that of another version of SCIM",
    idp: "onelogin",
    happens: (g) => g.raw("GET", `/../v1${lookup(g)}`, { authorization: `Bearer ${g.token}` }),
    status: 400,
    cause: /names SCIM v1\. This service speaks v2/,
    remedy: /add it anew as SCIM Provisioner with SAML \(SCIM v2 Enterprise\)/,
  },
  {
    what: "what the service can do was asked with a filter",
    happens: (g) => status(g.idp.send("GET", lookup(g).replace("/Users", "/Schemas"))),
    status: 403,
    cause: /asked \/Schemas with a filter, which SCIM forbids/,
    remedy: /choose from the whole answer/,
  },
  {
    what: "a page was asked for by a cursor of no list",
    happens: (g) => status(g.idp.send("GET", `${lookup(g)}&count=1&cursor=made.up`)),
    status: 400,
    cause: /by a cursor that was not issued for this list/,
    remedy: /begins anew without a cursor/,
  },
  {
    what: "a bulk request has too many operations",
    happens: async (g) => {
      const others = Array.from({ length: 1_000 }, (_, at) => create({ userName: `p${at}` }, at + 1));
      return [await bulk(g, [create(ada(g), 0), ...others]), g.human];
    },
    status: 413,
    cause: /goes beyond a limit\. A bulk request has at most 1,000 operations\./,
    remedy: /Send the rest in further requests/,
  },
];
