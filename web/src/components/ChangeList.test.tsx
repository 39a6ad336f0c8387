import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Change } from "../api/types";
import { en } from "../messages/en";
import { draw } from "../test/draw";
import { ChangeList, changeSentence } from "./ChangeList";

const change = (more: Partial<Change>): Change => ({
  seq: 1,
  type: "user.updated",
  resourceType: "User",
  resourceId: "u1",
  resourceName: "Ada Byron",
  version: 2,
  at: "2026-05-12T12:00:00.000000Z",
  actor: { kind: "connection", connectionName: "Head office", idp: "entra" },
  ...more,
});

const members = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `m${at}`, type: "User", name: `Person ${at}` }));

describe("a change as a sentence", () => {
  it.each([
    ["names the IdP", change({ type: "user.deactivated" }), "Entra deactivated Ada Byron"],
    [
      "names the connection of an unknown IdP",
      change({ type: "user.created", actor: { kind: "connection", connectionName: "Head office", idp: "other" } }),
      "Head office created Ada Byron",
    ],
    ["names us", change({ actor: { kind: "system" } }), "Directory Sync changed Ada Byron"],
    [
      "names the one who joined",
      change({ type: "group.members_changed", resourceName: "Leads", membersAdded: members(1) }),
      "Entra added Person 0 to Leads",
    ],
    [
      "counts many, by the count where the list is cut",
      change({
        type: "group.members_changed",
        resourceName: "Leads",
        membersAdded: members(2),
        memberCounts: { added: 1200, removed: 0 },
      }),
      "Entra added 1,200 members to Leads",
    ],
    [
      "names the roles that somebody got",
      change({
        type: "user.roles_changed",
        rolesAdded: ["reader", "writer"],
        rolesRemoved: [],
        roles: ["reader", "writer"],
      }),
      "Entra gave Ada Byron the roles reader, writer",
    ],
    [
      "names the role that somebody lost",
      change({ type: "user.roles_changed", rolesAdded: [], rolesRemoved: ["reader"], roles: [] }),
      "Entra took the role reader from Ada Byron",
    ],
    ["copes with a type it does not know", change({ type: "user.cloned" }), "Entra: user.cloned Ada Byron"],
    ["is not fooled by names every object has", change({ type: "toString" }), "Entra: toString Ada Byron"],
  ])("%s", (_, given, sentence) => {
    expect(changeSentence(given, en)).toBe(sentence);
  });
});

it("shows hostile names as text", () => {
  const name = '<img src=x onerror="alert(1)">';
  draw(<ChangeList tenant="acme" changes={[change({ resourceName: name })]} />);
  expect(screen.getByText(`Entra changed ${name}`)).toBeVisible();
  expect(document.querySelector("img")).toBeNull();
});
