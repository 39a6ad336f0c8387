/**
 * Thirty and more things that go wrong: for each the admin asks for the person (or group) by name, and reads what the
 * cause is and what to do about it.
 */
import { crc32 } from "node:zlib";
import { type Answer, Idp } from "../support/scim";
import type { Service } from "../support/service";
import { find, logged, told } from "../support/story";
import { expect, expectAccessible, freshSlug, mayComplain, signIn, test } from "../support/test";

/** One tenant with one IdP, and a name that nobody else has. */
type Ground = {
  service: Service;
  slug: string;
  base: string;
  idp: Idp;
  token: string;
  tokenId: string;
  /** Whom it happens to. */
  name: string;
  /** A client with another token. */
  with: (token: string, agent?: string) => Idp;
  /** Sends what a well-made client does not. */
  raw: (method: string, path: string, headers: Record<string, string>, body?: string) => Promise<number>;
  /** An admin's call. */
  api: (method: "patch" | "get" | "post", path: string, data?: object) => Promise<Answer["body"]>;
};

type Wrong = {
  what: string;
  idp?: "entra" | "okta" | "onelogin" | "jumpcloud" | "other";
  flags?: string[];
  /** Does it; gives the status, and the name to ask for when it is another one. */
  happens: (ground: Ground) => Promise<number | [status: number, name: string]>;
  status: number;
  cause: RegExp;
  remedy: RegExp;
};

const lookup = ({ name }: Ground) => `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`;
const status = async (answer: Promise<Answer>) => (await answer).status;
/** How each says who it is. */
const agents = {
  entra: "AzureAD",
  okta: "Okta SCIM Client 1.0.0",
  onelogin: "OneLogin SCIM",
  jumpcloud: "JumpCloud",
  other: "e2e-idp/1.0",
};
const scim = { "content-type": "application/scim+json" };

/** A token that is whole and that nobody issued. */
function madeUp() {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = `dsk_${"a".repeat(12)}_${"b".repeat(33)}`;
  let [sum, text] = [crc32(body), ""];
  while (sum > 0 || text.length < 6) {
    text = digits[sum % 62] + text;
    sum = Math.floor(sum / 62);
  }
  return body + text;
}

const wrongs: Wrong[] = [
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
    happens: (g) => status(g.idp.send("POST", "/Users", { userName: g.name })),
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
    what: "Okta: the userName is taken",
    idp: "okta",
    happens: async (g) => {
      await g.idp.person(g.name, { displayName: "Ada Byron" });
      const other = { userName: g.name.toUpperCase(), externalId: `ext-${g.name}`, displayName: "Ada King" };
      return [(await g.idp.send("POST", "/Users", other)).status, `ext-${g.name}`];
    },
    status: 409,
    cause: /was rejected: the userName .* already belongs to someone else/,
    remedy: /if both are the same person, match them in the IdP/,
  },
  {
    what: "a group's name is taken",
    idp: "okta",
    happens: async (g) => {
      await g.idp.group(g.name);
      return status(g.idp.send("POST", "/Groups", { displayName: g.name.toUpperCase() }));
    },
    status: 409,
    cause: /was rejected: the displayName .* already belongs to someone else/,
    remedy: /In Okta: your app, Provisioning, To App/,
  },
  {
    what: "Entra: userName is mapped from an empty field",
    idp: "entra",
    happens: (g) => status(g.idp.send("POST", "/Users", { displayName: g.name, externalId: "ext-1" })),
    status: 400,
    cause: /was rejected: userName is empty/,
    remedy: /In Entra: .*Mappings: look at the attribute's source/,
  },
  {
    what: "JumpCloud: somebody has no username",
    idp: "jumpcloud",
    happens: (g) => status(g.idp.send("POST", "/Users", { userName: "", externalId: g.name })),
    status: 400,
    cause: /was rejected: userName is empty/,
    remedy: /In JumpCloud: the person's details/,
  },
  {
    what: "OneLogin: a value is of the wrong kind",
    idp: "onelogin",
    happens: (g) => status(g.idp.send("POST", "/Users", { userName: g.name, emails: [{ value: { at: 1 } }] })),
    status: 400,
    cause: /was rejected: the value of .*emails.* is of the wrong kind/,
    remedy: /In OneLogin: your app, Parameters/,
  },
  {
    what: "active is neither yes nor no",
    happens: (g) => status(g.idp.send("POST", "/Users", { userName: g.name, active: "perhaps" })),
    status: 400,
    cause: /the value of active is of the wrong kind/,
    remedy: /In the IdP's attribute mapping/,
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
    what: "a path cannot be read",
    idp: "entra",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      return status(g.idp.patch(`/Users/${id}`, [{ op: "replace", path: 'emails[type eq "work"', value: "x" }]));
    },
    status: 400,
    cause: /was not changed: the path .*emails\[type.* cannot be read/,
    remedy: /The target attribute's name is misspelt/,
  },
  {
    what: "a removal says nothing of what",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      return status(g.idp.patch(`/Users/${id}`, [{ op: "remove" }]));
    },
    status: 400,
    cause: /was not changed: the value to be changed is not there/,
    remedy: /the next full sync puts it right/,
  },
  {
    what: "what the service sets was to be changed",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      return status(
        g.idp.patch(`/Users/${id}`, [{ op: "replace", path: "meta.created", value: "2020-01-01T00:00:00Z" }]),
      );
    },
    status: 400,
    cause: /was not changed: meta\S* can only be read/,
    remedy: /take meta\S* out of what is updated/,
  },
  {
    what: "a required value was to be removed",
    idp: "onelogin",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      return status(g.idp.patch(`/Users/${id}`, [{ op: "remove", path: "userName" }]));
    },
    status: 400,
    cause: /userName is empty, and nobody can be without it/,
    remedy: /map another attribute that everybody has/,
  },
  {
    what: "the body is no JSON",
    happens: (g) =>
      g.raw("POST", "/Users", { authorization: `Bearer ${g.token}`, ...scim }, `{"userName":"${g.name}",`),
    status: 400,
    cause: /The request's body is no JSON/,
    remedy: /compare the body with RFC 7644/,
  },
  {
    what: "the body is of a type we do not read",
    happens: (g) =>
      g.raw(
        "POST",
        "/Users",
        { authorization: `Bearer ${g.token}`, "content-type": "text/xml" },
        `{"userName":"${g.name}"}`,
      ),
    status: 415,
    cause: /sent as text\/xml/,
    remedy: /Set the content type in the client/,
  },
  {
    what: "the body is too large",
    happens: (g) => {
      const body = JSON.stringify({ userName: g.name, note: "x".repeat(9 * 1024 * 1024) });
      return g.raw("POST", "/Users", { authorization: `Bearer ${g.token}`, ...scim }, body);
    },
    status: 413,
    cause: /larger than the limit of 8,388,608 bytes/,
    remedy: /Send fewer members or operations/,
  },
  {
    what: "too many members came at once",
    happens: async (g) => {
      const id = await g.idp.group(g.name);
      const value = Array.from({ length: 50_001 }, (_, at) => ({ value: `m${at}` }));
      return status(g.idp.patch(`/Groups/${id}`, [{ op: "add", path: "members", value }]));
    },
    status: 400,
    cause: /more than one of the limits allows/,
    remedy: /Send the rest in further requests/,
  },
  {
    what: "the IdP remembers somebody who was deleted",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      await g.idp.send("DELETE", `/Users/${id}`);
      return status(g.idp.patch(`/Users/${id}`, [{ op: "replace", path: "title", value: "x" }]));
    },
    status: 404,
    cause: /asked for an id that is not here, or no longer/,
    remedy: /restart its provisioning, so that it matches again/,
  },
  {
    what: "somebody else changed them meanwhile",
    happens: async (g) => {
      const id = await g.idp.person(g.name);
      return status(g.idp.send("PUT", `/Users/${id}`, { userName: g.name }, { "if-match": 'W/"77"' }));
    },
    status: 412,
    cause: /based on an older version/,
    remedy: /Nothing is lost/,
  },
  {
    what: "a strict connection does not repair",
    flags: ["--strict"],
    happens: (g) => {
      const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
      return status(g.idp.send("POST", "/Users", { schemas, userName: g.name, active: "True" }));
    },
    status: 400,
    cause: /this connection is strict/,
    remedy: /Allow repairs for the connection/,
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
    cause: /Too many requests came in a short time/,
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
      const id = await g.idp.person(g.name);
      return status(g.idp.send("POST", `/Users/${id}`, { userName: g.name }));
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
    what: "a member was never sent",
    idp: "okta",
    happens: async (g) => {
      const id = await g.idp.group("Engineering");
      const add = { op: "add", path: "members", value: [{ value: g.name }] };
      return status(g.idp.patch(`/Groups/${id}?attributes=displayName`, [add]));
    },
    status: 200,
    cause: /1 member of Engineering is not here yet/,
    remedy: /assign them to the app. Okta pushes a group's members only when they are assigned/,
  },
  {
    what: "we fail ourselves",
    happens: async (g) => {
      const { body } = await g.idp.send("POST", "/Users", { userName: g.name });
      const holds = (resource: string) =>
        g.service.sql(`UPDATE users SET resource = '${resource}' WHERE id = ${idOf(g, String(body.id))}`);
      await holds("[]");
      const answer = await g.idp.patch(`/Users/${body.id}`, [{ op: "replace", path: "title", value: "Countess" }]);
      await holds(JSON.stringify({ userName: g.name }));
      return answer.status;
    },
    status: 500,
    cause: /We failed\. The IdP will try again; nothing was half done/,
    remedy: /send the operator the request id/,
  },
];

/** An id as the database holds it. */
const idOf = ({ service }: Ground, id: string) =>
  service.engine === "sqlite" ? `X'${id.replaceAll("-", "")}'` : `'${id}'`;

expect(wrongs.length).toBeGreaterThanOrEqual(30);

for (const [at, wrong] of wrongs.entries()) {
  test(`${wrong.what}: found by name, with cause and remedy`, async ({ page, service }) => {
    const slug = freshSlug("wrong");
    service.tenant("Wrong Ltd", slug);
    const idp = wrong.idp ?? "other";
    const args = ["token", "create", slug, "--idp", idp, "--name", "Prod", ...(wrong.flags ?? [])];
    const { token, credential } = service.run<{ token: string; credential: { id: string } }>(args);
    const base = `${service.url}/scim/${slug}/v2`;
    const as = (token: string, agent?: string) => new Idp(base, token, agent ?? agents[idp]);
    await signIn(page);
    const ground: Ground = {
      service,
      slug,
      base,
      idp: as(token),
      token,
      tokenId: credential.id,
      name: `ada@${slug}.test`,
      with: as,
      raw: async (method, path, headers, body) =>
        (
          await fetch(`${base}${path}`, {
            method,
            headers: { "user-agent": agents[idp], ...headers },
            ...(body ? { body } : {}),
          })
        ).status,
      api: async (method, path, data) => {
        const answer = await page.request[method](`/api/v1/tenants/${slug}${path}`, {
          ...(data ? { data } : {}),
          headers: { "x-directory-sync": "e2e" },
        });
        expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
        return (await answer.json()) as Answer["body"];
      },
    };
    const happened = await wrong.happens(ground);
    const [came, name] = Array.isArray(happened) ? happened : [happened, ground.name];
    expect(came).toBe(wrong.status);
    await logged(page, slug, 1);

    // A page of somebody who is gone is asked for in vain before the story is.
    mayComplain(page, /404/);
    await page.goto(`/t/${slug}/log`);
    // Before it is known who is signed in the page has another heading, and no keys yet.
    await expect(page.getByRole("heading", { level: 1, name: "Sync log" })).toBeVisible();
    await find(page, name);
    const item = told(page).filter({ hasText: wrong.cause }).first();
    await expect(item).toBeVisible();
    await item.locator("summary").filter({ hasText: "What to do" }).press("Enter");
    await expect(item.getByText(wrong.remedy)).toBeVisible();
    // It is the same page each time.
    if (at % 8 === 0) await expectAccessible(page);
  });
}
