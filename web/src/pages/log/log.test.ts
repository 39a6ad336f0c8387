import { describe, expect, it } from "vitest";
import { logParameters, sinceOf } from "../../api/log";
import type { SyncEvent, SyncEventSummary } from "../../api/types";
import { plainPath, supportNote } from "./supportNote";
import { freshOf } from "./useLiveEvents";

const event = (id: string, more: Partial<SyncEventSummary> = {}): SyncEventSummary => ({
  id,
  at: "2026-05-12T12:00:00.000000Z",
  outcome: "accepted",
  status: 200,
  method: "GET",
  path: "/Users",
  sentence: "Looked up",
  durationMs: 3,
  repairs: 0,
  ...more,
});

describe("new requests", () => {
  it("are those the list does not have", () => {
    const known = [event("2"), event("1")];
    expect(freshOf([event("4"), event("3"), event("2")], known)).toEqual({
      fresh: [event("4"), event("3")],
      gap: false,
    });
  });

  it("leave a gap when none of them is known", () => {
    expect(freshOf([event("9"), event("8")], [event("2")]).gap).toBe(true);
    expect(freshOf([event("1")], []).gap).toBe(false);
    expect(freshOf([], [event("1")])).toEqual({ fresh: [], gap: false });
  });
});

describe("the log's filters", () => {
  const now = Date.parse("2026-05-12T12:00:42Z");

  it("become the API's parameters", () => {
    expect(logParameters({ status: "4", type: "User", span: "1h", q: "ada" }, now)).toMatchObject({
      statusClass: 4,
      resourceType: "User",
      text: "ada",
      since: "2026-05-12T11:00:00.000Z",
    });
  });

  it("keep a span still for a minute, so that reading on does not move it", () => {
    expect(sinceOf("24h", now)).toBe(sinceOf("24h", now + 10_000));
  });

  it("let fixed ends win over a span", () => {
    const search = { span: "1h", from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" } as const;
    expect(logParameters(search, now)).toMatchObject({ since: search.from, until: search.to });
  });
});

describe("the support note", () => {
  it("holds what support needs and nothing of the directory", () => {
    const note = supportNote({
      ...event("e1", {
        outcome: "rejected",
        status: 409,
        scimType: "uniqueness",
        method: "POST",
        path: "/Users/ada@acme.test",
        sentence: "Ada Byron rejected",
        cause: { code: "uniqueness", params: { attribute: "userName", value: "ada@acme.test", holder: "" } },
        resourceName: "Ada Byron",
        idp: "entra",
      }),
      requestId: "01JD9V5TJ2",
      query: 'filter=userName eq "ada@acme.test"',
      address: "203.0.113.9",
      repairList: [{ rule: "boolean_from_text", attribute: "active", sent: '"True"', read: "true" }],
      changes: [],
      identifiers: ["ada@acme.test"],
      lookups: [],
    } as SyncEvent);
    expect(note).toContain("Request: 01JD9V5TJ2");
    expect(note).toContain("Cause: uniqueness");
    expect(note).toContain("boolean_from_text active");
    expect(note).not.toMatch(/ada|byron|203\.0/i);
  });

  it("keeps ids and the standard's words in a path", () => {
    const id = "0192a000-aaaa-7000-8000-000000000001";
    expect(plainPath(`/Users/${id}`)).toBe(`/Users/${id}`);
    expect(plainPath("/Users/ada@acme.test")).toBe("/Users/…");
    expect(plainPath("/Groups/.search")).toBe("/Groups/.search");
  });
});
