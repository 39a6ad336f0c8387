import { describe, expect, it } from "vitest";
import { parseSearch, printSearch, routes, searches } from "./routes";

const id = "0192a000-aaaa-7000-8000-000000000001";

const read = <T>(address: string, codec: (raw: Record<string, unknown>) => T): T =>
  codec(parseSearch(address.slice(address.indexOf("?"))));

describe("addresses", () => {
  it("keep every filter of the log through printing and reading", () => {
    const search = {
      outcome: "rejected",
      method: "PATCH",
      type: "User",
      status: "4",
      credential: id,
      resource: id,
      span: "24h",
      q: "ada & max=?/ü",
    } as const;
    expect(read(routes.log("acme", search), searches.log)).toEqual(search);
  });

  it("keep every filter of the audit", () => {
    const search = { act: "credential.revoked", actor: id, subject: id, span: "7d", sel: "12" } as const;
    expect(read(routes.audit("acme", search), searches.audit)).toEqual(search);
    expect(read(routes.serviceAudit(search), searches.audit)).toEqual(search);
  });

  it("keep a name as it was asked for, and what of its story is shown", () => {
    const search = { of: "Ada & Max=?/ü", refusals: "0", reads: "1" } as const;
    expect(read(routes.who("acme", search), searches.who)).toEqual(search);
    expect(searches.who({ of: "  ", reads: "2", changes: "1" })).toEqual({});
    expect(searches.user({ tab: "raw", memberships: "0" })).toEqual({ tab: "raw", memberships: "0" });
  });

  it("keep every filter of the people", () => {
    const search = { q: "ada", active: "false", changed: "7d", groups: "none" } as const;
    expect(read(routes.users("acme", search), searches.users)).toEqual(search);
  });

  it("keep what of the changes and of a webhook's deliveries is shown", () => {
    const changes = { type: "user.deactivated", of: "User", resource: id, sel: "12" } as const;
    expect(read(routes.changes("acme", changes), searches.changes)).toEqual(changes);
    const deliveries = { outcome: "refused", resource: id, sel: id } as const;
    expect(read(routes.webhook("acme", id, deliveries), searches.webhook)).toEqual(deliveries);
    expect(searches.changes({ type: "user.sacked", of: "Device", resource: "x", sel: "0" })).toEqual({});
    expect(searches.webhook({ outcome: "lost", sel: "1" })).toEqual({});
  });

  it("escape what a slug or an id may not hold", () => {
    expect(routes.user("a/b", "x?y#z")).toBe("/t/a%2Fb/users/x%3Fy%23z");
  });

  it("leave out what is not set", () => {
    expect(routes.users("acme", {})).toBe("/t/acme/users");
    expect(printSearch({ q: "", active: undefined })).toBe("");
  });
});

describe("reading an address", () => {
  it("drops unknown names and bad values without an error", () => {
    expect(
      searches.log({ outcome: "maybe", method: "TRACE", status: "9", credential: "1", span: "2y", q: "  ", x: "1" }),
    ).toEqual({});
    expect(searches.users({ active: "perhaps", changed: "1y", groups: "all" })).toEqual({});
    expect(searches.user({ tab: "secrets" })).toEqual({});
    expect(searches.audit({ act: "nothing", actor: "x", span: "2y", sel: "-1" })).toEqual({});
  });

  it("lets a fixed span win over a relative one, in UTC", () => {
    expect(searches.log({ span: "24h", from: "2026-03-01T12:00:00+02:00" })).toEqual({
      from: "2026-03-01T10:00:00.000Z",
    });
  });

  it("drops moments that are none", () => {
    expect(searches.log({ from: "yesterday", to: "2026-99-01T00:00:00Z" })).toEqual({});
  });

  it("takes the last of a repeated parameter", () => {
    expect(parseSearch("?q=a&q=b")).toEqual({ q: "b" });
  });
});

describe("the address after sign-in", () => {
  it.each(["/t/acme/log?outcome=failed", "/me"])("may be %s", (next) => {
    expect(searches.login({ next })).toEqual({ next });
  });

  it.each(["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "t/acme", "/\t/evil.test"])(
    "may not be %s",
    (next) => {
      expect(searches.login({ next })).toEqual({});
    },
  );
});
