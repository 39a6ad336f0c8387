import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { SyncEvent } from "../../api/types";
import { curlOf, quoted } from "./curl";

const remarks = { token: "export SCIM_TOKEN=…", masked: "masked", cut: "cut" };
const scimUrl = "https://sync.example.com/scim/acme/v2";

/** A request with this body, or none. */
function event(more: Partial<SyncEvent>, body?: object, bodies: "full" | "masked" = "full"): SyncEvent {
  const request = { headers: [{ name: "content-type", value: "application/json" }], body };
  const exchange = { bodies, request, answer: { headers: [] } };
  return { method: "GET", path: "/Users", exchange: body && exchange, ...more } as SyncEvent;
}

/** The words that a shell hands to curl, which stands for nothing here. */
function wordsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; SCIM_TOKEN=t0p; ${command.replaceAll(/^#.*$/gm, "")}`;
  return execFileSync("bash", ["-c", script], { env: { ...process.env, LC_ALL: "C.UTF-8" } })
    .toString()
    .split("\0")
    .slice(0, -1);
}

describe("a request as a command", () => {
  it("asks the same of the tenant's address, with a placeholder for the token", () => {
    const command = curlOf(event({ query: 'filter=userName%20eq%20"ada"' }), scimUrl, remarks);
    expect(command).toContain("# export SCIM_TOKEN=…");
    expect(wordsOf(command)).toEqual([
      "--globoff",
      "--path-as-is",
      "--request",
      "GET",
      "--header",
      "Authorization: Bearer t0p",
      `${scimUrl}/Users?filter=userName%20eq%20"ada"`,
    ]);
  });

  it("takes a path that names the tenant already as it is", () => {
    const words = wordsOf(curlOf(event({ path: "/scim/acme/v2/Groups/1" }), scimUrl, remarks));
    expect(words.at(-1)).toBe(`${scimUrl}/Groups/1`);
  });

  it("carries the body as kept, and says what of it is not as it came", () => {
    const json = { userName: "ada", note: "it's @home" };
    const words = wordsOf(curlOf(event({ method: "POST" }, { json, length: 9, cut: false }), scimUrl, remarks));
    expect(words).toContain("Content-Type: application/json");
    expect(words.at(-3)).toBe("--data-raw");
    expect(JSON.parse(words.at(-2) ?? "")).toEqual(json);
    const masked = curlOf(event({ method: "POST" }, { text: "{", length: 9, cut: true }, "masked"), scimUrl, remarks);
    expect(masked.split("\n").slice(0, 3)).toEqual(["# export SCIM_TOKEN=…", "# masked", "# cut"]);
  });

  it.each([
    "'; touch /tmp/hostile; '",
    "$(touch /tmp/hostile)`id`",
    "@/etc/passwd",
    "-K/etc/passwd",
    "a\nb\\n\\",
    "\u001b[201~\nid\n",
    "\u009b201~ '\\' \u202e",
    "!! é 😀",
  ])("is one word to a shell, whatever stands in it: %j", (hostile) => {
    const made = event(
      { method: hostile, path: `/Users/${hostile}`, query: hostile },
      { text: hostile, length: 1, cut: false },
    );
    const words = wordsOf(curlOf(made, scimUrl, remarks));
    expect(words).toHaveLength(11);
    expect(words[3]).toBe(hostile);
    expect(words[9]).toBe(hostile);
    expect(words[10]).toBe(`${scimUrl}/Users/${hostile}?${hostile}`);
  });

  it("holds no character that a terminal obeys", () => {
    expect(quoted("\u001b[201~\r\u009b")).toMatch(/^[\x20-\x7e]*$/);
  });
});
