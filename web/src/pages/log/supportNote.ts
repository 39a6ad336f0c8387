/** What one may send to somebody else about a request: no names, no tokens, no values of the directory. */
import type { SyncEvent } from "../../api/types";

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Keeps the parts of a SCIM path that are the standard's words and our ids; anything else could be a name. */
export function plainPath(path: string): string {
  return path
    .split("/")
    .map((part) =>
      part === "" ||
      ID.test(part) ||
      /^(Users|Groups|Bulk|Schemas|ResourceTypes|ServiceProviderConfig|Me|\.search)$/.test(part)
        ? part
        : "…",
    )
    .join("/");
}

export function supportNote(event: SyncEvent): string {
  const lines: [string, string | undefined][] = [
    ["Request", event.requestId],
    ["Time", event.at],
    ["Asked", `${event.method} ${plainPath(event.path)}`],
    ["Answer", `${event.status}${event.scimType ? ` ${event.scimType}` : ""}`],
    ["Cause", event.cause?.code],
    ["IdP", event.idp],
    ["User agent", event.userAgent],
    ["Took", `${event.durationMs} ms`],
    ["Repairs", event.repairList.map((repair) => `${repair.rule} ${repair.attribute}`.trim()).join(", ") || undefined],
    ["Changes", event.changes.map((change) => `${change.seq} ${change.type}`).join(", ") || undefined],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])).join("\n");
}
