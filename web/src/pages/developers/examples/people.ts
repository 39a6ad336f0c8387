import type { Example } from ".";

/** All people of a tenant, page by page. */
export const people: Example = {
  curl: (tenant) => `# export DIRECTORY_SYNC_KEY=…
# The answer's "next" goes into after= for the page that follows.
curl --fail-with-body --silent --show-error \\
  --header "Authorization: Bearer $DIRECTORY_SYNC_KEY" \\
  "${tenant}/users?limit=100"
`,
  python: (tenant) => `import json
import os
from urllib.parse import urlencode
from urllib.request import Request, urlopen

URL = "${tenant}/users"
KEY = os.environ["DIRECTORY_SYNC_KEY"]

query = {"limit": 100}
while True:
    request = Request(f"{URL}?{urlencode(query)}", headers={"Authorization": f"Bearer {KEY}"})
    with urlopen(request) as answer:
        page = json.load(answer)
    for user in page["items"]:
        print(user["id"], user["userName"], "active" if user["active"] else "inactive")
    if "next" not in page:
        break
    query["after"] = page["next"]
`,
  typescript: (tenant) => `const url = "${tenant}/users";
const key = process.env.DIRECTORY_SYNC_KEY;

type User = { id: string; userName: string; active: boolean };
type Page = { items: User[]; next?: string };

let after: string | undefined;
do {
  const query = new URLSearchParams({ limit: "100", ...(after ? { after } : {}) });
  const answer = await fetch(\`\${url}?\${query}\`, { headers: { authorization: \`Bearer \${key}\` } });
  if (!answer.ok) throw new Error(await answer.text());
  const page = (await answer.json()) as Page;
  for (const user of page.items) {
    console.log(user.id, user.userName, user.active ? "active" : "inactive");
  }
  after = page.next;
} while (after);
`,
};
