/** Plays what an IdP says, from the same files as the service's own tests and demonstration. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Step = {
  step: string;
  method: string;
  path: string;
  headers?: Record<string, string | null>;
  body?: unknown;
  expect: { status: number[] };
  capture?: Record<string, string>;
};

const file = (idp: string) =>
  fileURLToPath(
    new URL(`../../crates/server/conversations/${idp === "other" ? "standard" : idp}.json`, import.meta.url),
  );

/** Says all of it at `base` with `token`; throws at the first answer that is not as the IdP needs it. */
export async function play(idp: string, base: string, token: string) {
  const known = new Map<string, unknown>([["run", randomUUID().slice(0, 6)]]);
  const get = (name: string) => {
    if (name.startsWith("uuid:") && !known.has(name)) known.set(name, randomUUID());
    if (!known.has(name)) throw new Error(`no earlier answer held ${name}`);
    return known.get(name);
  };
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") {
      const whole = /^\{\{([^}]+)\}\}$/.exec(value);
      if (whole) return get((whole[1] ?? "").trim());
      return value.replace(/\{\{([^}]+)\}\}/g, (_, name: string) => String(get(name.trim())));
    }
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [String(fill(key)), fill(part)]));
    }
    return value;
  };
  for (const step of JSON.parse(readFileSync(file(idp), "utf8")) as Step[]) {
    const headers: Record<string, string> = {
      accept: "application/scim+json",
      authorization: `Bearer ${token}`,
      ...(step.body === undefined ? {} : { "content-type": "application/scim+json" }),
    };
    for (const [name, value] of Object.entries(step.headers ?? {})) {
      delete headers[name.toLowerCase()];
      if (value !== null) headers[name.toLowerCase()] = String(fill(value));
    }
    const body = step.body === undefined ? undefined : fill(step.body);
    const answer = await fetch(encodeURI(`${base}${fill(step.path)}`).replace(/%25([0-9A-F]{2})/g, "%$1"), {
      method: step.method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!step.expect.status.includes(answer.status)) throw new Error(`${step.step}: ${answer.status} ${text}`);
    for (const [name, path] of Object.entries(answer.status < 300 ? (step.capture ?? {}) : {})) {
      known.set(name, path.startsWith("header:") ? answer.headers.get(path.slice(7)) : dig(JSON.parse(text), path));
    }
  }
}

/** A value by a dotted path; `~1` stands for a dot in a key. */
function dig(body: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, part) => (value as Record<string, unknown> | undefined)?.[part.replaceAll("~1", ".")],
      body,
    );
}
