import { describe, expect, it } from "vitest";
import { differences } from "./diff";

describe("differences", () => {
  it("names nested attributes, URNs with a colon", () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    expect(
      differences(
        { name: { givenName: "Ada", familyName: "Lovelace" }, [urn]: { department: "A" } },
        { name: { givenName: "Ada", familyName: "Byron" }, [urn]: { department: "B" } },
      ),
    ).toEqual([
      { path: "name.familyName", before: "Lovelace", after: "Byron" },
      { path: `${urn}:department`, before: "A", after: "B" },
    ]);
  });

  it("tells absent from empty", () => {
    expect(differences({ title: "" }, {})).toEqual([{ path: "title", before: "" }]);
    expect(differences({}, { active: false })).toEqual([{ path: "active", after: "false" }]);
  });

  it("shows lists whole, and leaves bookkeeping out", () => {
    expect(
      differences(
        { meta: { version: 1 }, emails: [{ value: "a" }] },
        { meta: { version: 2 }, emails: [{ value: "b" }] },
      ),
    ).toEqual([{ path: "emails", before: '[{"value":"a"}]', after: '[{"value":"b"}]' }]);
  });

  it("opens what came or went as a whole", () => {
    expect(differences(undefined, { name: { givenName: "Ada" } })).toEqual([{ path: "name.givenName", after: "Ada" }]);
  });

  it("finds nothing between equals", () => {
    expect(differences({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
  });
});
