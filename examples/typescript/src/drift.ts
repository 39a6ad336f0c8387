/** Proves a copy by a drift check: what it has is sent as hashes, range by range, and what differs comes back by name. */
import { createHash } from "node:crypto";
import type { components } from "./api.js";
import type { Copy } from "./copy.js";

export type Question = components["schemas"]["DriftQuestion"];
export type Report = components["schemas"]["DriftReport"];
type Item = Question["items"][number];

/** Asks the service; nothing when the group is gone. */
export type Ask = (question: Question) => Promise<Report | undefined>;

/** Something that the copy has not, has otherwise, or has and the directory has not; with the change it missed. */
export type Difference = { kind: string; id: string; seq: number | undefined };

const RANGE = 1_000;

/** JSON in its canonical form (RFC 8785). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

export function fingerprint(resource: unknown): string {
  return createHash("sha256").update(canonical(resource)).digest("hex");
}

/** Everything held against the directory. The change as of which it was read last, and all differences. */
export async function compare(ask: Ask, copy: Copy): Promise<{ seq: number; differences: Difference[] }> {
  const hashed = (held: Map<string, unknown>) => [...held].map(([id, resource]) => ({ id, hash: fingerprint(resource) }));
  const questions: [Omit<Question, "items" | "last">, Item[]][] = [
    [{ resourceType: "User" }, hashed(copy.users)],
    [{ resourceType: "Group" }, hashed(copy.groups)],
  ];
  for (const groupId of copy.groups.keys())
    questions.push([{ resourceType: "Member", groupId }, [...(copy.members.get(groupId) ?? [])].map((id) => ({ id }))]);
  let seq = 0;
  const differences: Difference[] = [];
  for (const [base, items] of questions) {
    for await (const report of ranges(ask, base, items)) {
      seq = report.seq;
      const note = (kind: string, id: string, change: number | undefined) =>
        differences.push({ kind: `${kind} ${base.resourceType}`, id, seq: change });
      for (const one of report.missing) note("missing", one.id, one.seq);
      for (const one of report.differing) note("differing", one.id, one.seq);
      for (const one of report.unknown) note("unknown", one.id, one.deletedSeq);
    }
  }
  return { seq, differences };
}

/** The answers for one list, range by range. A group that is gone has none: it is named among the groups. */
async function* ranges(ask: Ask, base: Omit<Question, "items" | "last">, items: Item[]): AsyncGenerator<Report> {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  let after: string | undefined;
  do {
    const from = after;
    const left = from === undefined ? sorted : sorted.filter((item) => item.id > from);
    const range = { ...base, items: left.slice(0, RANGE), last: left.length <= RANGE };
    const report = await ask(from === undefined ? range : { ...range, after: from });
    if (!report) return;
    yield report;
    after = report.through;
  } while (after !== undefined);
}
