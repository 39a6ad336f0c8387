import type { Example } from ".";

/** The whole directory at one moment, and the number to follow the changes after. */
export const snapshot: Example = {
  curl: (tenant) => `# export DIRECTORY_SYNC_KEY=…
curl --fail-with-body --silent --show-error \\
  --header "Authorization: Bearer $DIRECTORY_SYNC_KEY" \\
  --output snapshot.ndjson \\
  "${tenant}/snapshot"
# The first line says after which "seq" to follow the changes. A last line of another kind than "end": take another.
head -n 1 snapshot.ndjson
tail -n 1 snapshot.ndjson
`,
  python: (tenant) => `import json
import os
from urllib.request import Request, urlopen

URL = "${tenant}/snapshot"
KEY = os.environ["DIRECTORY_SYNC_KEY"]

line = {}
with urlopen(Request(URL, headers={"Authorization": f"Bearer {KEY}"})) as answer:
    for text in answer:
        line = json.loads(text)
        if line["kind"] == "snapshot":
            print("follow the changes after", line["seq"])
        elif line["kind"] == "user":
            print(line["id"], line["resource"]["userName"], "active" if line["active"] else "inactive")
if line.get("kind") != "end":
    raise SystemExit("it was broken off: take another")
`,
  typescript: (tenant) => `const url = "${tenant}/snapshot";
const key = process.env.DIRECTORY_SYNC_KEY;

type Line = { kind: string; seq?: number; id?: string; active?: boolean; resource?: { userName?: string } };

const answer = await fetch(url, { headers: { authorization: \`Bearer \${key}\` } });
if (!answer.ok || !answer.body) throw new Error(await answer.text());
let rest = "";
let kind = "";
for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + part).split("\\n");
  rest = lines.pop() ?? "";
  for (const text of lines) {
    const line = JSON.parse(text) as Line;
    kind = line.kind;
    if (kind === "snapshot") console.log("follow the changes after", line.seq);
    if (kind === "user") console.log(line.id, line.resource?.userName, line.active ? "active" : "inactive");
  }
}
if (kind !== "end") throw new Error("it was broken off: take another");
`,
};
