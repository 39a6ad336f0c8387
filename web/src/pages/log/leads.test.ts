import { expect, it } from "vitest";
import { leadsOf } from "./leads";

const about = { resourceId: "0192a000-aaaa-7000-8000-000000000001", identifiers: [] as string[] };

it("what was accepted leads to the page of whom it was about", () => {
  const accepted = { ...about, outcome: "accepted" } as const;
  expect(leadsOf("acme", { ...accepted, resourceType: "User" })).toEqual({ page: `/t/acme/users/${about.resourceId}` });
  expect(leadsOf("acme", { ...accepted, resourceType: "Group" })).toEqual({
    page: `/t/acme/groups/${about.resourceId}`,
  });
});

it("what was refused leads to what happened, by a name where one was given", () => {
  const refused = { ...about, outcome: "rejected", resourceType: "User" } as const;
  expect(leadsOf("acme", refused)).toEqual({ who: about.resourceId });
  expect(leadsOf("acme", { ...refused, identifiers: ["ada"] })).toEqual({ who: "ada" });
});

it("what was about nobody leads nowhere, or to a name", () => {
  const found = { outcome: "accepted", resourceId: undefined, resourceType: "User" } as const;
  expect(leadsOf("acme", { ...found, identifiers: [] })).toEqual({});
  expect(leadsOf("acme", { ...found, identifiers: ["ada"] })).toEqual({ who: "ada" });
});
