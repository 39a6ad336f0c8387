/** A request as a command that asks the same again, with a placeholder where its token stood. */
import type { SyncEvent } from "../../api/types";

/** What is no text to a terminal or a reader: control characters, and those that turn its direction. */
const UNSEEN = /(?!\n)[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

/** One word of a shell, whatever stands in it. */
export function quoted(value: string): string {
  if (!UNSEEN.test(value)) return `'${value.replaceAll("'", "'\\''")}'`;
  // Pasted as they are, such characters can end the paste and have the rest run.
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'")
    .replaceAll("\n", "\\n")
    .replaceAll(new RegExp(UNSEEN, "gu"), (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `$'${escaped}'`;
}

/** What the command cannot say alone. */
export type Remarks = { token: string; masked: string; cut: string };

/** Where a request went; `scimUrl` is the tenant's. The log may hold paths with or without its beginning. */
function addressOf(scimUrl: string, { path, query }: Pick<SyncEvent, "path" | "query">): string {
  const whole = path.startsWith("/scim/") ? scimUrl.slice(0, scimUrl.indexOf("/scim/")) : scimUrl;
  return `${whole}${path}${query === undefined ? "" : `?${query}`}`;
}

export function curlOf(event: SyncEvent, scimUrl: string, remarks: Remarks): string {
  const body = event.exchange?.request.body;
  const said = body?.json === undefined ? body?.text : JSON.stringify(body.json);
  const kept = event.exchange?.request.headers.find(({ name }) => name === "content-type")?.value;
  const type = kept?.startsWith("application/") ? kept : "application/scim+json";
  const remark = [
    `# ${remarks.token}`,
    said !== undefined && event.exchange?.bodies === "masked" && `# ${remarks.masked}`,
    said !== undefined && body?.cut && `# ${remarks.cut}`,
  ].filter((line) => typeof line === "string");
  const command = [
    // Without them curl would read brackets as lists and walk the dots of a path.
    "curl --globoff --path-as-is",
    event.method === "HEAD" ? "--head" : `--request ${quoted(event.method)}`,
    '--header "Authorization: Bearer $SCIM_TOKEN"',
    // Unlike its brothers, --data-raw reads no file that a body names.
    ...(said === undefined ? [] : [`--header ${quoted(`Content-Type: ${type}`)}`, `--data-raw ${quoted(said)}`]),
    quoted(addressOf(scimUrl, event)),
  ];
  return [...remark, command.join(" \\\n  ")].join("\n");
}
