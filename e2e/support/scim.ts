/** A SCIM client, as an IdP is one. */

export type Answer = { status: number; body: Record<string, unknown> & { id?: string } };

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export class Idp {
  constructor(
    private readonly base: string,
    private readonly token: string,
    private readonly agent = "e2e-idp/1.0",
  ) {}

  async send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        "user-agent": this.agent,
        ...(body ? { "content-type": "application/scim+json" } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? {} : JSON.parse(text) };
  }

  async person(userName: string, attributes: object = {}): Promise<string> {
    const made = await this.send("POST", "/Users", { schemas: [USER], userName, ...attributes });
    if (made.status !== 201 || !made.body.id)
      throw new Error(`${userName}: ${made.status} ${JSON.stringify(made.body)}`);
    return made.body.id;
  }

  async group(displayName: string, members: string[] = []): Promise<string> {
    const body = { schemas: [GROUP], displayName, members: members.map((value) => ({ value })) };
    const made = await this.send("POST", "/Groups", body);
    if (made.status !== 201 || !made.body.id) throw new Error(`${displayName}: ${made.status}`);
    return made.body.id;
  }

  patch(path: string, Operations: object[]) {
    return this.send("PATCH", path, { schemas: [PATCH], Operations });
  }
}
