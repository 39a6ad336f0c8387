/** A story as it is told: which kind each item is, on which day it happened, what a change says to whom it is about. */
import type { Change, SyncEventSummary, TimelineItem, TimelineSubject } from "../../api/types";
import type { Messages } from "../../messages";
import type { TimelineTexts } from "../../messages/timeline.en";
import type { StorySearch, storyKinds } from "../../routes";
import { type Difference, differences } from "../../ui/diff";
import { actorOf, changeSentence } from "../ChangeList";

export type StoryKind = (typeof storyKinds)[number] | "reads";
export type Texts = Messages & TimelineTexts;
type Member = NonNullable<Change["membersAdded"]>[number];

/** Whether it is a change of another resource, such as a group that somebody came into. */
export const isForeign = (change: Change, subjects: TimelineSubject[]) =>
  subjects.every((subject) => subject.id !== change.resourceId);

/** Whether a request asked, and wanted nothing changed. */
export const isRead = ({ method, path }: SyncEventSummary) => method === "GET" || path.endsWith("/.search");

/** What an item tells of; a request can do several things at once. */
export function kindsOf(item: TimelineItem, subjects: TimelineSubject[]): StoryKind[] {
  const { request, changes } = item;
  const kinds = changes.map(
    (change): StoryKind =>
      change.type === "group.members_changed" || isForeign(change, subjects) ? "memberships" : "changes",
  );
  if (request && request.outcome !== "accepted") kinds.push("refusals");
  else if (request && changes.length === 0 && isRead(request)) kinds.push(request.resourceId ? "reads" : "vain");
  return kinds.length === 0 ? ["changes"] : kinds;
}

/** Whether the address lets an item be told. */
export const isShown = (kinds: StoryKind[], search: StorySearch) =>
  kinds.some((kind) => (kind === "reads" ? search.reads === "1" : search[kind] === undefined));

export type Day = { key: string; at: Date; items: TimelineItem[] };

const dayOf = (at: Date, utc: boolean) =>
  utc ? at.toISOString().slice(0, 10) : `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;

/** Items by their days, in the order they came. */
export function byDay(items: TimelineItem[], utc: boolean): Day[] {
  const days: Day[] = [];
  for (const item of items) {
    const at = new Date(item.at);
    const key = dayOf(at, utc);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(item);
    else days.push({ key, at, items: [item] });
  }
  return days;
}

/** The day in words: today and yesterday by name. */
export function dayName({ key, at }: Day, now: number, utc: boolean, { story }: TimelineTexts): string {
  if (key === dayOf(new Date(now), utc)) return story.today;
  const before = new Date(now);
  if (utc) before.setUTCDate(before.getUTCDate() - 1);
  else before.setDate(before.getDate() - 1);
  return key === dayOf(before, utc) ? story.yesterday : story.day(at, utc);
}

/** A change from the side of those whose story it is, who have their names although they may be gone. */
export function storySentence(change: Change, subjects: TimelineSubject[], messages: Texts): string {
  const named = (members: Member[] | undefined) =>
    members?.map((member) => ({ ...member, name: member.name ?? nameOf(member.id, subjects) }) as Member);
  const { membersAdded, membersRemoved, ...rest } = change;
  const [added, removed] = [named(membersAdded), named(membersRemoved)];
  const told = {
    ...rest,
    ...(added ? { membersAdded: added } : {}),
    ...(removed ? { membersRemoved: removed } : {}),
  };
  const foreign = isForeign(change, subjects);
  if (foreign && change.type === "group.deleted") {
    // Of several with one name it is not said which of them was in it.
    const [one, another] = subjects;
    const whom = (another === undefined ? one?.name : undefined) ?? messages.changes.nameless;
    const group = change.resourceName ?? messages.changes.nameless;
    return messages.story.groupEnded({ who: actorOf(change, messages), whom, group });
  }
  const moved = foreign && (added || removed);
  return changeSentence(moved ? { ...told, type: "group.members_changed" } : told, messages);
}

const nameOf = (id: string, subjects: TimelineSubject[]) => subjects.find((subject) => subject.id === id)?.name;

const NAMED = 3;

/** What an update changed, in one line: one attribute with its values, a few by name, many by their number. */
export function brief(
  { type, before, after }: Change,
  { story }: TimelineTexts,
): { text: string; one?: Difference } | undefined {
  if (type.startsWith("group.members") || (!before && !after)) return undefined;
  const changed = differences(before, after);
  const [only] = changed;
  if (only === undefined) return undefined;
  if (changed.length === 1 && before && after) return { text: only.path, one: only };
  if (changed.length <= NAMED && before && after) return { text: changed.map(({ path }) => path).join(", ") };
  return { text: story.attributes(changed.length) };
}
