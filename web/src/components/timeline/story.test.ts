import { describe, expect, it } from "vitest";
import type { Change, SyncEventSummary, TimelineItem, TimelineSubject } from "../../api/types";
import { en } from "../../messages/en";
import { enTimeline } from "../../messages/timeline.en";
import { brief, byDay, dayName, isShown, kindsOf, storySentence } from "./story";

const texts = { ...en, ...enTimeline };
const ada: TimelineSubject = { id: "u1", resourceType: "User", name: "Ada Byron", here: false };

const change = (more: Partial<Change> = {}): Change => ({
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

const joined = (more: Partial<Change> = {}) =>
  change({
    type: "group.members_changed",
    resourceType: "Group",
    resourceId: "g1",
    resourceName: "Leads",
    membersAdded: [{ id: "u1", type: "User" }],
    memberCounts: { added: 1, removed: 0 },
    ...more,
  });

const request = (more: Partial<SyncEventSummary> = {}): SyncEventSummary => ({
  id: "e1",
  at: "2026-05-12T12:00:00.000000Z",
  outcome: "accepted",
  status: 200,
  method: "GET",
  path: "/Users",
  sentence: "Looked for someone who is not here",
  durationMs: 3,
  repairs: 0,
  ...more,
});

const item = (more: Partial<TimelineItem> = {}): TimelineItem => ({
  at: "2026-05-12T12:00:00.000000Z",
  changes: [],
  repairs: [],
  ...more,
});

describe("the kind of an item", () => {
  it.each([
    ["a change of one's own", item({ changes: [change()] }), ["changes"]],
    ["a group one came into", item({ changes: [joined()] }), ["memberships"]],
    ["a group made with one in it", item({ changes: [joined({ type: "group.created" })] }), ["memberships"]],
    ["a refusal", item({ request: request({ outcome: "rejected", method: "POST" }) }), ["refusals"]],
    ["a failure of ours", item({ request: request({ outcome: "failed" }) }), ["refusals"]],
    ["a look-up that found nobody", item({ request: request() }), ["vain"]],
    ["a search by POST", item({ request: request({ method: "POST", path: "/Users/.search" }) }), ["vain"]],
    ["a read", item({ request: request({ resourceId: "u1" }) }), ["reads"]],
    ["a write of what was so already", item({ request: request({ method: "PATCH" }) }), ["changes"]],
    [
      "a bulk that did some and failed",
      item({ request: request({ outcome: "failed", method: "POST" }), changes: [change(), joined()] }),
      ["changes", "memberships", "refusals"],
    ],
  ])("of %s", (_, given, kinds) => {
    expect(kindsOf(given, [ada])).toEqual(kinds);
  });

  it("decides whether it is shown; reads only where they are asked for", () => {
    expect(isShown(["changes", "memberships"], { changes: "0" })).toBe(true);
    expect(isShown(["changes"], { changes: "0" })).toBe(false);
    expect(isShown(["reads"], {})).toBe(false);
    expect(isShown(["reads"], { reads: "1" })).toBe(true);
  });
});

describe("a change from the side of whom it is about", () => {
  it.each([
    ["names who is gone", joined(), "Entra added Ada Byron to Leads"],
    ["says that a new group had them in it", joined({ type: "group.created" }), "Entra added Ada Byron to Leads"],
    [
      "says that they left a group that went",
      change({ type: "group.deleted", resourceType: "Group", resourceId: "g1", resourceName: "Leads" }),
      "Ada Byron left Leads, which Entra deleted",
    ],
    ["is as everywhere else for one's own", change({ type: "user.deactivated" }), "Entra deactivated Ada Byron"],
  ])("%s", (_, given, sentence) => {
    expect(storySentence(given, [ada], texts)).toBe(sentence);
  });

  it("says of a group's own end what is said everywhere, and names nobody of several", () => {
    const ended = change({ type: "group.deleted", resourceType: "Group", resourceId: "g1", resourceName: "Leads" });
    const leads: TimelineSubject = { id: "g1", resourceType: "Group", name: "Leads", here: false };
    expect(storySentence(ended, [leads], texts)).toBe("Entra deleted the group Leads");
    expect(storySentence(ended, [ada, { ...ada, id: "u2" }], texts)).toBe("somebody left Leads, which Entra deleted");
    expect(kindsOf(item({ changes: [ended] }), [ada])).toEqual(["memberships"]);
  });

  it("counts a group's batch", () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ id: `m${at}`, type: "User" }));
    const batch = joined({ membersAdded: many, memberCounts: { added: 12, removed: 0 } });
    const leads: TimelineSubject = { id: "g1", resourceType: "Group", name: "Leads", here: true };
    expect(storySentence(batch, [leads], texts)).toBe("Entra added 12 members to Leads");
    expect(kindsOf(item({ changes: [batch] }), [leads])).toEqual(["memberships"]);
  });
});

describe("what changed in one line", () => {
  const told = (before: object | undefined, after: object) =>
    brief(change({ ...(before ? { before: { ...before } } : {}), after: { ...after } }), enTimeline);

  it("has the values of one attribute, the names of a few, the number of many", () => {
    expect(told({ title: "Engineer" }, { title: "Lead" })).toEqual({
      text: "title",
      one: { path: "title", before: "Engineer", after: "Lead" },
    });
    expect(told({ title: "a", nickName: "b" }, { title: "c", nickName: "d" })).toEqual({ text: "title, nickName" });
    expect(told({}, { a: 1, b: 2, c: 3, d: 4 })).toEqual({ text: "4 attributes" });
    expect(told(undefined, { userName: "ada" })).toEqual({ text: "1 attribute" });
  });

  it("is nothing where nothing but members moved", () => {
    expect(brief(joined(), enTimeline)).toBeUndefined();
  });
});

describe("days", () => {
  const at = (...moments: string[]) => moments.map((moment) => item({ at: moment }));

  it("keep the order and begin at midnight of the chosen zone", () => {
    const items = at("2026-05-12T09:00:00Z", "2026-05-12T00:30:00Z", "2026-05-11T23:30:00Z");
    expect(byDay(items, true).map((day) => day.items.length)).toEqual([2, 1]);
  });

  it("are today, yesterday and then dates", () => {
    const now = Date.parse("2026-03-01T12:00:00Z");
    const days = byDay(at("2026-03-01T08:00:00Z", "2026-02-28T08:00:00Z", "2026-02-27T08:00:00Z"), true);
    expect(days.map((day) => dayName(day, now, true, enTimeline))).toEqual([
      "Today",
      "Yesterday",
      expect.stringMatching(/^Friday,? 27 February 2026$/),
    ]);
  });
});
