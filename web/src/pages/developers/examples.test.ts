import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { apiUrlOf } from "../../api/address";
import { type ExampleTopic, exampleLanguages, examples, exampleTopics } from "./examples";

it("finds the API beside the SCIM door, below a path too", () => {
  expect(apiUrlOf("https://sync.test/scim/acme/v2")).toBe("https://sync.test/api/v1");
  expect(apiUrlOf("https://acme.test/sync/scim/acme/v2")).toBe("https://acme.test/sync/api/v1");
});

const addresses: [ExampleTopic, string][] = [
  ["people", "/users"],
  ["snapshot", "/snapshot"],
  ["follow", "/changes"],
];

describe.each(exampleLanguages)("the examples in %s", (language) => {
  it.each(addresses)("have the address in %s, and no key", (topic, path) => {
    const tenant = "https://sync.test/api/v1/tenants/acme";
    const code = examples[topic][language](tenant);
    expect(code).toContain(tenant);
    expect(code).toContain(path);
    expect(code).toContain("DIRECTORY_SYNC_KEY");
  });

  it.each(exampleTopics)("hold no secret in %s", (topic) => {
    expect(examples[topic][language]("https://sync.test/api/v1/tenants/acme")).not.toMatch(/ds[ak]_|whsec_[A-Za-z0-9]/);
  });
});

// The secret, message and signature that the specification of Standard Webhooks gives.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"test": 2432232314}';
const known = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  sent: "1614265330",
  signature: "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

const sign = (id: string, sent: string, over = body) =>
  createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
    .update(`${id}.${sent}.${over}`)
    .digest("base64");

/** Headers of a message, and whether it is to be taken. */
function messages(): [string, Record<string, string>, boolean][] {
  const now = String(Math.floor(Date.now() / 1000));
  const old = String(Number(now) - 3_600);
  const headers = (sent: string, signatures: string) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": sent,
    "webhook-signature": signatures,
  });
  const good = `v1,${sign("msg_1", now)}`;
  return [
    ["that is ours", headers(now, good), true],
    ["signed with two secrets", headers(now, `v1,${sign("msg_1", now, "x")} ${good}`), true],
    ["with another body", headers(now, `v1,${sign("msg_1", now, "x")}`), false],
    ["of another version", headers(now, `v2,${sign("msg_1", now)}`), false],
    ["with another id", { ...headers(now, good), "webhook-id": "msg_2" }, false],
    ["that is old", headers(old, `v1,${sign("msg_1", old)}`), false],
    ["without a signature", headers(now, ""), false],
  ];
}

describe("verifying a message", () => {
  const folder = mkdtempSync(join(tmpdir(), "directory-sync-example-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, DIRECTORY_SYNC_WEBHOOK_SECRET: secret };
  const cases = JSON.stringify(messages().map(([, headers]) => headers));
  const expected = messages().map(([what, , taken]) => [what, taken]);
  const told = (output: string) => (JSON.parse(output) as boolean[]).map((taken, at) => [messages()[at]?.[0], taken]);

  it("is what the specification's own example gives, in curl", () => {
    writeFileSync(join(folder, "body.json"), body);
    const shell = { ...env, ID: known.id, SENT: known.sent };
    const output = execFileSync("sh", ["-c", examples.verify.curl("")], { cwd: folder, env: shell, encoding: "utf8" });
    expect(output.trim()).toBe(known.signature);
    expect(sign(known.id, known.sent)).toBe(known.signature);
  });

  it("takes ours and nothing else, in Python", () => {
    const run = `\nimport json, sys\nprint(json.dumps([verify(h, sys.argv[2].encode()) for h in json.loads(sys.argv[1])]))\n`;
    const program = examples.verify.python("") + run;
    expect(told(execFileSync("python3", ["-c", program, cases, body], { env, encoding: "utf8" }))).toEqual(expected);
  });

  it("takes ours and nothing else, in TypeScript", () => {
    const run = `\nconst [, , cases = "", body = ""] = process.argv;\nconsole.log(JSON.stringify(JSON.parse(cases).map((one: object) => verify(new Headers({ ...one }), body))));\n`;
    const { outputText } = ts.transpileModule(examples.verify.typescript("") + run, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    const file = join(folder, "verify.mjs");
    writeFileSync(file, outputText);
    expect(told(execFileSync(process.execPath, [file, cases, body], { env, encoding: "utf8" }))).toEqual(expected);
  });
});
