/**
 * Keeps a copy of a tenant's directory in a file: a snapshot first, then every change as it is made.
 *
 *     DIRECTORY_SYNC_API_KEY=… node dist/mirror.js BASE TENANT [--state FILE] [--prove | --check]
 */
import { parseArgs } from "node:util";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";
import { type Change, Copy, type Line } from "./copy.js";
import { compare, type Question } from "./drift.js";

type News = components["schemas"]["ChangeNews"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    state: { type: "string", default: "mirror-ts.json" },
    prove: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const [base, tenant] = positionals;
const key = process.env.DIRECTORY_SYNC_API_KEY;
if (!base || !tenant || !key) throw new Error("say BASE and TENANT, and the key in DIRECTORY_SYNC_API_KEY");
const headers = { Authorization: `Bearer ${key}` };
const api = createClient<paths>({ baseUrl: `${base}/api/v1`, headers });

/** The feed does not go back as far as the copy; a snapshot does. */
class Gone extends Error {}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

async function snapshot(tenant: string): Promise<Copy> {
  const { response } = await api.GET("/tenants/{tenant}/snapshot", { params: { path: { tenant } }, parseAs: "stream" });
  if (!response.ok || !response.body) throw new Error(`no snapshot: ${response.status}`);
  const body = response.body;
  async function* parsed(): AsyncGenerator<Line> {
    for await (const line of lines(body)) yield JSON.parse(line) as Line;
  }
  return Copy.ofSnapshot(parsed());
}

/** The changes after a number as they are made, until the connection ends. */
async function* follow(tenant: string, after: number): AsyncGenerator<Change> {
  const { response } = await api.GET("/tenants/{tenant}/changes/stream", {
    params: { path: { tenant }, query: { after } },
    parseAs: "stream",
  });
  if (response.status === 410) throw new Gone("the changes that follow are no longer kept");
  if (!response.ok || !response.body) throw new Error(`no stream: ${response.status}`);
  for await (const line of lines(response.body)) {
    if (!line.startsWith("data:")) continue;
    const news = JSON.parse(line.slice("data:".length)) as News;
    if (news.change) yield news.change;
  }
}

/** Applies the changes up to a number. */
async function catchUp(tenant: string, copy: Copy, seq: number) {
  while (copy.seq < seq) {
    const query = { after: copy.seq };
    const { data, error } = await api.GET("/tenants/{tenant}/changes", { params: { path: { tenant }, query } });
    if (!data) throw new Error(error?.detail ?? "no changes");
    for (const change of data.items) if (copy.seq < seq) copy.apply(change);
  }
}

/** Compares the copy with a fresh snapshot at the snapshot's own change. */
async function prove(tenant: string, copy: Copy): Promise<boolean> {
  const directory = await snapshot(tenant);
  await catchUp(tenant, copy, directory.seq);
  const equal = copy.equals(directory);
  console.log(`${equal ? "equal" : "DIFFERENT"} at change ${copy.seq}: ${copy.users.size} people, ${copy.groups.size} groups`);
  return equal;
}

/** Has the copy compared with the directory, and names what differs. */
async function check(tenant: string, copy: Copy): Promise<boolean> {
  const ask = async (body: Question) => {
    const { data, error, response } = await api.POST("/tenants/{tenant}/drift", { params: { path: { tenant } }, body });
    if (!data && !(response.status === 400 && body.groupId)) throw new Error(error?.detail ?? "no answer");
    return data;
  };
  for (;;) {
    const { seq, differences } = await compare(ask, copy);
    // What comes of changes that are yet to be applied is no fault: the directory went on meanwhile.
    const own = copy.seq;
    await catchUp(tenant, copy, seq);
    if (differences.some((difference) => (difference.seq ?? 0) > own)) continue;
    for (const { kind, id, seq: missed } of differences) console.log(`${kind} ${id}: change ${missed ?? "no longer kept"}`);
    console.log(`${differences.length} differences as of change ${copy.seq}`);
    return differences.length === 0;
  }
}

let copy = Copy.load(values.state);
for (;;) {
  try {
    if (!copy) {
      copy = await snapshot(tenant);
      copy.save(values.state);
    }
    if (values.prove) process.exit((await prove(tenant, copy)) ? 0 : 1);
    if (values.check) {
      const equal = await check(tenant, copy);
      copy.save(values.state);
      process.exit(equal ? 0 : 1);
    }
    let saved = Date.now();
    for await (const change of follow(tenant, copy.seq)) {
      copy.apply(change);
      if (Date.now() - saved > 200) {
        copy.save(values.state);
        saved = Date.now();
      }
    }
    copy.save(values.state);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    if (error instanceof Gone) copy = undefined;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
