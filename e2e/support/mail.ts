/** A mail server of one's own, on a free port, that keeps what it is given or turns it away. */
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { pause } from "./service";

export type Mail = { to: string; subject: string; text: string };

export class MailServer {
  readonly mails: Mail[] = [];
  /** Whether every recipient is turned away. */
  refusing = false;
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["AUTH", "STARTTLS"],
      onRcptTo: (_address, _session, done) => done(this.refusing ? new Error("mailbox is full") : null),
      onData: (stream, session, done) => {
        simpleParser(stream).then(({ subject = "", text = "" }) => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join(", ");
          this.mails.push({ to, subject, text });
          done();
        }, done);
      },
    });
  }

  static async start(): Promise<MailServer> {
    const mail = new MailServer();
    await new Promise<void>((resolve) => mail.server.listen(0, "127.0.0.1", resolve));
    return mail;
  }

  /** What the service is started with, to send by this server. */
  get flags(): string[] {
    const { port } = this.server.server.address() as AddressInfo;
    return ["--mail-url", `smtp://127.0.0.1:${port}`, "--mail-from", "Directory Sync <sync@example.com>"];
  }

  /** The link to `page` in the newest mail to somebody, once it has come. */
  async link(to: string, page: string): Promise<string> {
    for (let tries = 0; tries < 400; tries += 1) {
      const found = this.mails.findLast((mail) => mail.to === to)?.text.match(new RegExp(`https?://\\S+/${page}#\\S+`));
      if (found) return found[0];
      await pause(50);
    }
    throw new Error(`no mail to ${to} with a link to /${page}: ${JSON.stringify(this.mails)}`);
  }

  async stop() {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
