import type { Example } from ".";

/** Whether a message of a webhook is ours, unchanged and fresh, as Standard Webhooks has it. */
export const verify: Example = {
  curl: () => `# export DIRECTORY_SYNC_WEBHOOK_SECRET=…
# What came: its headers webhook-id and webhook-timestamp as ID and SENT, its body as it came in body.json.
key=$(printf %s "\${DIRECTORY_SYNC_WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
{ printf %s "$ID.$SENT."; cat body.json; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64
# Has to stand behind "v1," in webhook-signature, which holds two signatures while a secret is rotated.
`,
  python: () => `import base64
import hashlib
import hmac
import os
import time

KEY = base64.b64decode(os.environ["DIRECTORY_SYNC_WEBHOOK_SECRET"].removeprefix("whsec_"))


def verify(headers, body):
    """Whether a message is ours and fresh: body are the bytes as they came, before anybody parses them."""
    sent = headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    # Two of them while a secret is rotated.
    given = headers["webhook-signature"].split(" ")
    return any(hmac.compare_digest(signature.encode(), expected) for signature in given)
`,
  typescript: () => `import { createHmac, timingSafeEqual } from "node:crypto";

const secret = process.env.DIRECTORY_SYNC_WEBHOOK_SECRET ?? "";
const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");

/** Whether a message is ours and fresh: \`body\` as it came, before anybody parses it. */
export function verify(headers: Headers, body: string): boolean {
  const sent = headers.get("webhook-timestamp") ?? "";
  const age = Math.abs(Date.now() / 1000 - Number(sent));
  if (sent === "" || !(age <= 300)) return false;
  const signed = \`\${headers.get("webhook-id")}.\${sent}.\${body}\`;
  const expected = Buffer.from(\`v1,\${createHmac("sha256", key).update(signed).digest("base64")}\`);
  // Two of them while a secret is rotated.
  const given = (headers.get("webhook-signature") ?? "").split(" ").map((signature) => Buffer.from(signature));
  return given.some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
}
`,
};
