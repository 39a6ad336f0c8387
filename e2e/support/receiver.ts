/** An app that takes a webhook's messages, on a free port, and keeps what it got. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "./service";

export type Received = { headers: Record<string, string>; text: string; message: Message };
export type Message = { type: string; seq?: number; prev_seq?: number | null; data?: Record<string, unknown> };
type Answer = { status: number; headers?: Record<string, string>; body?: string };

export class Receiver {
  readonly received: Received[] = [];
  /** What every message is answered with from now on. */
  answer: Answer = { status: 200, body: "taken" };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        receiver.received.push({ headers, text, message: JSON.parse(text) as Message });
        const { status, headers: more = {}, body = "" } = receiver.answer;
        response.writeHead(status, { "content-type": "text/plain", ...more }).end(body);
      });
    });
    const receiver = new Receiver(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  /** What a service is started with, to call an address that is not public. */
  static readonly flags = ["--private-hosts", "127.0.0.1"];

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The numbers of the changes that came, in the order in which they came. */
  get numbers(): (number | undefined)[] {
    return this.received.map(({ message }) => message.seq);
  }

  /** The first message that is wanted, once it has come. */
  async first(wanted: (received: Received) => boolean, seconds = 30): Promise<Received> {
    for (let tries = 0; tries < seconds * 20; tries += 1) {
      const found = this.received.find(wanted);
      if (found) return found;
      await pause(50);
    }
    throw new Error(`it never came: ${JSON.stringify(this.received.map(({ message }) => message.type))}`);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
