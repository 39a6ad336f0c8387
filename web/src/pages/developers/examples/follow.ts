import type { Example } from ".";

/** The changes as they are made, by calls that wait, and the word that they are applied. */
export const follow: Example = {
  curl: (tenant) => `# export DIRECTORY_SYNC_KEY=…
# Answers as soon as there is a change after 0, or after 25 seconds. Its "through" goes into after= next time.
curl --fail-with-body --silent --show-error --max-time 60 \\
  --header "Authorization: Bearer $DIRECTORY_SYNC_KEY" \\
  "${tenant}/changes?after=0&wait=25"
# Once they are applied, say so; all up to that number.
curl --fail-with-body --silent --show-error \\
  --header "Authorization: Bearer $DIRECTORY_SYNC_KEY" \\
  --header "Content-Type: application/json" \\
  --data '{"seq": 0}' \\
  "${tenant}/changes/acknowledgements"
`,
  python: (tenant) => `import json
import os
from urllib.request import Request, urlopen

URL = "${tenant}"
KEY = os.environ["DIRECTORY_SYNC_KEY"]


def call(path, body=None):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(URL + path, data, headers), timeout=60) as answer:
        return json.load(answer)


# The number that your app keeps with what it has applied; at first the seq of a snapshot.
after = 0
while True:
    page = call(f"/changes?after={after}&wait=25")
    for change in page["items"]:
        print(change["seq"], change["type"], change["resourceId"], flush=True)
    if page["through"] > after:
        after = page["through"]
        call("/changes/acknowledgements", {"seq": after})
`,
  typescript: (tenant) => `const url = "${tenant}";
const key = process.env.DIRECTORY_SYNC_KEY;

type Change = { seq: number; type: string; resourceId: string };
type Page = { items: Change[]; through: number };

async function call(path: string, body?: object) {
  const headers = { authorization: \`Bearer \${key}\`, "content-type": "application/json" };
  const sent = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  const answer = await fetch(url + path, sent);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

// The number that your app keeps with what it has applied; at first the seq of a snapshot.
let after = 0;
for (;;) {
  const page = (await call(\`/changes?after=\${after}&wait=25\`)) as Page;
  for (const change of page.items) {
    console.log(change.seq, change.type, change.resourceId);
  }
  if (page.through > after) {
    after = page.through;
    await call("/changes/acknowledgements", { seq: after });
  }
}
`,
};
