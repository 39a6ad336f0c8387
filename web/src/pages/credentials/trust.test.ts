import { describe, expect, it } from "vitest";
import { draftOf, emptyTrust, keysOf, type TrustDraft, trustOf } from "./trust";

const draft = (more: Partial<TrustDraft>): TrustDraft => ({ ...emptyTrust, ...more });
const pasted = (jwks: string) => trustOf(draft({ keys: "set", jwks }));
const key = { kty: "RSA", n: "x", e: "AQAB" };

describe("a trust", () => {
  it("is sent trimmed, without what was left empty", () => {
    const typed = draft({ issuer: " https://issuer.test ", subject: "  ", jwksUri: " https://issuer.test/keys " });
    expect(trustOf(typed)).toEqual({ trust: { issuer: "https://issuer.test", jwksUri: "https://issuer.test/keys" } });
  });

  it("holds the pasted keys or their address, never both", () => {
    const both = draft({ jwksUri: "https://issuer.test/keys", jwks: JSON.stringify({ keys: [key] }) });
    expect(trustOf({ ...both, keys: "set" })).toEqual({ trust: { jwks: { keys: [key] } } });
    expect(trustOf(both)).toEqual({ trust: { jwksUri: "https://issuer.test/keys" } });
  });

  it.each([
    ["noJson", ""],
    ["noJson", "-----BEGIN PUBLIC KEY-----"],
    ["noSet", "[]"],
    ["noSet", "null"],
    ["noSet", '"keys"'],
    ["noSet", JSON.stringify(key)],
    ["noSet", '{"keys":{}}'],
    ["empty", '{"keys":[]}'],
    ["private", JSON.stringify({ keys: [key, { ...key, d: "x" }] })],
    ["private", '{"keys":[{"kty":"oct","k":"x"}]}'],
  ])("is not sent for %s: %s", (fault, jwks) => {
    expect(pasted(jwks)).toEqual({ fault });
  });

  it("needs an address of the keys", () => {
    expect(trustOf(draft({ jwksUri: "  " }))).toEqual({ fault: "noAddress" });
  });

  it("can be edited as it is", () => {
    const claims = { issuer: "i", subject: "s", audience: "a", setAt: "2026-05-12T12:00:00Z" };
    const there = draftOf({ ...claims, jwksUri: "https://issuer.test/keys", jwks: { keys: [key] } });
    expect(there).toMatchObject({ keys: "address", jwksUri: "https://issuer.test/keys", jwks: "" });
    const { setAt: _, ...sent } = claims;
    expect(trustOf(draftOf({ ...claims, jwks: { keys: [key] } }))).toEqual({
      trust: { ...sent, jwks: { keys: [key] } },
    });
  });

  it("tells a key set from anything else", () => {
    expect(keysOf({ keys: [key] })).toEqual([key]);
    expect(keysOf(undefined)).toBeUndefined();
  });
});
