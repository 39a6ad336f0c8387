/** What goes wrong with a person or group: mappings, changes, members, ourselves. */
import { ada, bulk, create, idOf, person, status, type Wrong } from "./wrong";

export const inside: Wrong[] = [
  {
    what: "Okta: the userName is taken",
    idp: "okta",
    happens: async (g) => {
      await person(g);
      const other = { userName: g.name.toUpperCase(), externalId: `ext-${g.name}`, displayName: "Ada King" };
      return [(await g.idp.send("POST", "/Users", other)).status, "Ada King"];
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
    happens: async (g) => {
      const sent = { displayName: g.human, externalId: "ext-1" };
      return [await status(g.idp.send("POST", "/Users", sent)), g.human];
    },
    status: 400,
    cause: /was rejected: userName is empty/,
    remedy: /In Entra: .*Mappings: look at the attribute's source/,
  },
  {
    what: "JumpCloud: somebody has no username",
    idp: "jumpcloud",
    happens: async (g) => {
      const sent = { userName: "", displayName: g.human, externalId: g.name };
      return [await status(g.idp.send("POST", "/Users", sent)), g.human];
    },
    status: 400,
    cause: /was rejected: userName is empty/,
    remedy: /In JumpCloud: the person's details/,
  },
  {
    what: "OneLogin: a value is of the wrong kind",
    idp: "onelogin",
    happens: async (g) => {
      const sent = ada(g, { emails: [{ value: { at: 1 } }] });
      return [await status(g.idp.send("POST", "/Users", sent)), g.human];
    },
    status: 400,
    cause: /was rejected: the value of .*emails.* is of the wrong kind/,
    remedy: /In OneLogin: your app, Parameters/,
  },
  {
    what: "active is neither yes nor no",
    happens: async (g) => [await status(g.idp.send("POST", "/Users", ada(g, { active: "perhaps" }))), g.human],
    status: 400,
    cause: /the value of active is of the wrong kind/,
    remedy: /In the IdP's attribute mapping/,
  },
  {
    what: "a path cannot be read",
    idp: "entra",
    happens: async (g) => {
      const id = await person(g);
      const change = { op: "replace", path: 'emails[type eq "work"', value: "x" };
      return [await status(g.idp.patch(`/Users/${id}`, [change])), g.human];
    },
    status: 400,
    cause: /was not changed: the path .*emails\[type.* cannot be read/,
    remedy: /The target attribute's name is misspelt/,
  },
  {
    what: "a removal says nothing of what",
    happens: async (g) => {
      const id = await person(g);
      return [await status(g.idp.patch(`/Users/${id}`, [{ op: "remove" }])), g.human];
    },
    status: 400,
    cause: /was not changed: the value to be changed is not there/,
    remedy: /the next full sync puts it right/,
  },
  {
    what: "what the service sets was to be changed",
    happens: async (g) => {
      const id = await person(g);
      const change = { op: "replace", path: "meta.created", value: "2020-01-01T00:00:00Z" };
      return [await status(g.idp.patch(`/Users/${id}`, [change])), g.human];
    },
    status: 400,
    cause: /was not changed: meta\S* can only be read/,
    remedy: /take meta\S* out of what is updated/,
  },
  {
    what: "a required value was to be removed",
    idp: "onelogin",
    happens: async (g) => {
      const id = await person(g);
      return [await status(g.idp.patch(`/Users/${id}`, [{ op: "remove", path: "userName" }])), g.human];
    },
    status: 400,
    cause: /userName is empty, and nobody can be without it/,
    remedy: /map another attribute that everybody has/,
  },
  {
    what: "too many members came at once",
    happens: async (g) => {
      const id = await g.idp.group(g.name);
      const value = Array.from({ length: 50_001 }, (_, at) => ({ value: `m${at}` }));
      return status(g.idp.patch(`/Groups/${id}`, [{ op: "add", path: "members", value }]));
    },
    status: 400,
    cause: /goes beyond a limit\. A request names at most 50,000 members\./,
    remedy: /Send the rest in further requests/,
  },
  {
    what: "the IdP remembers somebody who was deleted",
    happens: async (g) => {
      const id = await person(g);
      await g.idp.send("DELETE", `/Users/${id}`);
      const change = { op: "replace", path: "title", value: "x" };
      return [await status(g.idp.patch(`/Users/${id}`, [change])), g.human];
    },
    status: 404,
    cause: /asked for an id that is not here, or no longer/,
    remedy: /restart its provisioning, so that it matches again/,
  },
  {
    what: "somebody else changed them meanwhile",
    happens: async (g) => {
      const id = await person(g);
      return [await status(g.idp.send("PUT", `/Users/${id}`, ada(g), { "if-match": 'W/"77"' })), g.human];
    },
    status: 412,
    cause: /based on an older version/,
    remedy: /Nothing is lost/,
  },
  {
    what: "a strict connection does not repair",
    flags: ["--strict"],
    happens: async (g) => {
      const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
      return [await status(g.idp.send("POST", "/Users", ada(g, { schemas, active: "True" }))), g.human];
    },
    status: 400,
    cause: /this connection is strict/,
    remedy: /Allow repairs for the connection/,
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
      const { body } = await g.idp.send("POST", "/Users", ada(g));
      const holds = (resource: string) =>
        g.service.sql(`UPDATE users SET resource = '${resource}' WHERE id = ${idOf(g, String(body.id))}`);
      await holds("[]");
      const answer = await g.idp.patch(`/Users/${body.id}`, [{ op: "replace", path: "title", value: "Countess" }]);
      await holds(JSON.stringify(ada(g)));
      return [answer.status, g.human];
    },
    status: 500,
    cause: /We failed\. The IdP will try again; nothing was half done/,
    remedy: /send the operator the request id/,
  },
  {
    what: "Okta: an attribute is mapped from a field of another kind",
    idp: "okta",
    happens: async (g) => {
      const id = await person(g);
      return [await status(g.idp.send("PUT", `/Users/${id}`, ada(g, { active: "on leave" }))), g.human];
    },
    status: 400,
    cause: /was rejected: the value of active is of the wrong kind/,
    remedy: /In Okta: your app, Provisioning, To App: look at the attribute mappings/,
  },
  {
    what: "one operation of a bulk request is refused",
    happens: async (g) => {
      const operations = [create({ userName: `max@${g.slug}.test` }, 0), create(ada(g, { active: "perhaps" }), 1)];
      return [await bulk(g, operations), g.human];
    },
    status: 200,
    cause: /was rejected: the value of active is of the wrong kind/,
    remedy: /In the IdP's attribute mapping/,
  },
  {
    what: "an operation of a bulk request needs what another one did not make",
    happens: (g) => {
      const data = { displayName: g.name, members: [{ value: "bulkId:ghost" }] };
      return bulk(g, [{ ...create(data, 0), path: "/Groups" }]);
    },
    status: 200,
    cause: /was rejected: the operation “ghost” of the same bulk request made nothing to refer to/,
    remedy: /Mend first what that operation was refused for/,
  },
];
