/** An OpenID provider of one's own, on a free port: whoever types an address is that person. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT = { id: "directory-sync", secret: "a secret between the two of them" };

export class OpenIdProvider {
  /** Addresses that the provider has not verified. */
  readonly unverified = new Set<string>();

  private constructor(
    readonly issuer: string,
    private readonly server: Server,
  ) {}

  /** `redirects` are the addresses that people may be sent back to; they are known only once the service runs. */
  static async start(redirects: string[]): Promise<OpenIdProvider> {
    let answer: ReturnType<Provider["callback"]> | undefined;
    const server = createServer((request, response) => {
      answer ??= made.provider(redirects).callback();
      void answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const made = new OpenIdProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    return made;
  }

  private provider(redirects: string[]): Provider {
    return new Provider(this.issuer, {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirects }],
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      cookies: { keys: ["a key of the test"] },
      pkce: { methods: ["S256"], required: () => true },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: id, email_verified: !this.unverified.has(id), name: `Someone ${id}` }),
      }),
    });
  }

  get flags(): string[] {
    const client = ["--sign-in-client-id", CLIENT.id, "--sign-in-client-secret", CLIENT.secret];
    return ["--sign-in-issuer", this.issuer, ...client, "--sign-in-name", "Acme Login"];
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
