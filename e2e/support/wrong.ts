/** What the table of things that go wrong is made of. */
import { crc32 } from "node:zlib";
import type { Answer, Idp } from "./scim";
import type { Service } from "./service";

/** One tenant with one IdP, and a name that nobody else has. */
export type Ground = {
  service: Service;
  slug: string;
  base: string;
  idp: Idp;
  token: string;
  tokenId: string;
  /** Whom it happens to: the userName, or a group's name. */
  name: string;
  /** The same as people are called, in requests that say so. */
  human: string;
  /** A client with another token. */
  with: (token: string, agent?: string) => Idp;
  /** Sends what a well-made client does not. */
  raw: (method: string, path: string, headers: Record<string, string>, body?: string) => Promise<number>;
  /** An admin's call. */
  api: (method: "patch" | "get" | "post", path: string, data?: object) => Promise<Answer["body"]>;
};

export type Wrong = {
  what: string;
  idp?: "entra" | "okta" | "onelogin" | "jumpcloud" | "other";
  flags?: string[];
  /** Does it; gives the status, and the name to ask for when it is another one. */
  happens: (ground: Ground) => Promise<number | [status: number, name: string]>;
  status: number;
  cause: RegExp;
  remedy: RegExp;
};

export const lookup = ({ name }: Ground) => `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`;
export const status = async (answer: Promise<Answer>) => (await answer).status;
/** How each says who it is. */
export const agents = {
  entra: "AzureAD",
  okta: "Okta SCIM Client 1.0.0",
  onelogin: "OneLogin SCIM",
  jumpcloud: "JumpCloud",
  other: "e2e-idp/1.0",
};
export const scim = { "content-type": "application/scim+json" };

/** A token that is whole and that nobody issued. */
export function madeUp() {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = `dsk_${"a".repeat(12)}_${"b".repeat(33)}`;
  let [sum, text] = [crc32(body), ""];
  while (sum > 0 || text.length < 6) {
    text = digits[sum % 62] + text;
    sum = Math.floor(sum / 62);
  }
  return body + text;
}

/** An id as the database holds it. */
export const idOf = ({ service }: Ground, id: string) =>
  service.engine === "sqlite" ? `X'${id.replaceAll("-", "")}'` : `'${id}'`;

/** The person as an IdP sends them. */
export const ada = ({ name, human }: Ground, attributes: object = {}) => ({
  userName: name,
  displayName: human,
  ...attributes,
});

/** The person, made. */
export const person = (g: Ground) => g.idp.person(g.name, { displayName: g.human });

/** An operation of a bulk request that makes somebody. */
export const create = (data: object, at: number) => ({ method: "POST", path: "/Users", bulkId: `b${at}`, data });

export const bulk = ({ idp }: Ground, Operations: object[]) =>
  status(idp.send("POST", "/Bulk", { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], Operations }));
