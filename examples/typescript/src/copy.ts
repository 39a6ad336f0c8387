/** What is known of a tenant, up to one change. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { components } from "./api.js";

export type Change = components["schemas"]["Change"];
export type Line = components["schemas"]["SnapshotLine"];
type Resource = NonNullable<Change["after"]>;

export class Copy {
  seq = 0;
  users = new Map<string, Resource>();
  groups = new Map<string, Resource>();
  members = new Map<string, Set<string>>();

  static async ofSnapshot(lines: AsyncIterable<Line>): Promise<Copy> {
    const copy = new Copy();
    let whole = false;
    for await (const line of lines) {
      if (line.kind === "snapshot") copy.seq = line.seq ?? 0;
      if (line.kind === "user" && line.id && line.resource) copy.users.set(line.id, line.resource);
      if (line.kind === "group" && line.id && line.resource) copy.groups.set(line.id, line.resource);
      if (line.kind === "members" && line.groupId)
        copy.move(
          line.groupId,
          (line.members ?? []).map((member) => member.id),
          [],
        );
      if (line.kind === "end") whole = true;
    }
    if (!whole) throw new Error("the snapshot was broken off");
    return copy;
  }

  apply(change: Change) {
    if (change.seq !== this.seq + 1) throw new Error(`change ${change.seq} does not follow ${this.seq}`);
    const kept = change.resourceType === "User" ? this.users : this.groups;
    const subject = change.resourceId;
    if (change.type.endsWith(".deleted")) {
      kept.delete(subject);
      this.members.delete(subject);
      for (const group of change.groupsLeft ?? []) this.move(group, [], [subject]);
    } else if (change.after) {
      kept.set(subject, change.after);
    }
    const ids = (members: Change["membersAdded"]) => (members ?? []).map((member) => member.id);
    this.move(subject, ids(change.membersAdded), ids(change.membersRemoved));
    this.seq = change.seq;
  }

  private move(group: string, added: string[], removed: string[]) {
    const members = this.members.get(group) ?? new Set<string>();
    for (const id of removed) members.delete(id);
    for (const id of added) members.add(id);
    if (members.size > 0) this.members.set(group, members);
    else this.members.delete(group);
  }

  /** Whoever is killed in the midst of it finds the copy of before. */
  save(path: string) {
    const members = [...this.members].map(([group, ids]) => [group, [...ids]]);
    const text = JSON.stringify({ seq: this.seq, users: [...this.users], groups: [...this.groups], members });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }

  static load(path: string): Copy | undefined {
    if (!existsSync(path)) return undefined;
    const kept = JSON.parse(readFileSync(path, "utf8"));
    const copy = new Copy();
    copy.seq = kept.seq;
    copy.users = new Map(kept.users);
    copy.groups = new Map(kept.groups);
    copy.members = new Map(kept.members.map(([group, ids]: [string, string[]]) => [group, new Set(ids)]));
    return copy;
  }

  equals(other: Copy): boolean {
    return isDeepStrictEqual({ ...this }, { ...other });
  }
}
