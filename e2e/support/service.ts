/** The built binary with a fresh database, on a free port. `E2E_DATABASE_URL` puts the data into PostgreSQL. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";

const BINARY =
  process.env.DIRECTORY_SYNC ?? fileURLToPath(new URL("../../target/debug/directory-sync", import.meta.url));

export class Service {
  readonly url: string;
  /** What the process printed, line by line. */
  lines: string[] = [];
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly data: string,
    private readonly database: string | undefined,
    private readonly more: string[],
    host: string,
  ) {
    this.url = `http://${host}:${port}`;
  }

  /**
   * `more` are flags beyond those that every service of a test has. Browsers take passkeys on names only: `host` is how
   * the service is reached.
   */
  static async start(command: "serve" | "demo" = "serve", more: string[] = [], host = "127.0.0.1"): Promise<Service> {
    const database = process.env.E2E_DATABASE_URL && (await freshDatabase(process.env.E2E_DATABASE_URL));
    const data = mkdtempSync(join(tmpdir(), "directory-sync-e2e-"));
    const service = new Service(await freePort(), data, database, more, host);
    await service.serve(command);
    return service;
  }

  /** Starts the process and waits until it is ready. */
  async serve(command: "serve" | "demo" = "serve") {
    const child = spawn(BINARY, [...this.flags(), command], {
      env: this.environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let log = "";
    child.stderr.on("data", (part) => {
      log += part;
    });
    child.stdout.on("data", (part) => {
      this.lines.push(...String(part).split("\n").filter(Boolean));
    });
    for (let tries = 0; tries < 1200; tries += 1) {
      if (child.exitCode !== null) throw new Error(`the service ended: ${log}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`the service does not get ready: ${log}`);
  }

  /** The line that holds `words`, once it is printed. */
  async line(words: string, seconds = 60): Promise<string> {
    for (let tries = 0; tries < seconds * 20; tries += 1) {
      const found = this.lines.find((line) => line.includes(words));
      if (found) return found;
      await pause(50);
    }
    throw new Error(`never printed: ${words}`);
  }

  /** Runs a command that prints JSON. */
  run<T>(args: string[], input?: string): T {
    const output = execFileSync(BINARY, [...this.flags(), ...args, "--json"], {
      env: { ...this.environment(), RUST_LOG: "error" },
      input: input ?? "",
      encoding: "utf8",
    });
    return JSON.parse(output) as T;
  }

  tenant(name: string, slug: string) {
    return this.run<{ id: string; slug: string }>(["tenant", "create", name, "--slug", slug]);
  }

  token(slug: string, idp = "other", name = "Prod") {
    return this.run<{ token: string }>(["token", "create", slug, "--idp", idp, "--name", name]).token;
  }

  admin(email: string, name: string, password: string, role?: { tenant: string; role: string }) {
    const of = role ? ["--tenant", role.tenant, "--role", role.role] : [];
    return this.run<{ id: string }>(["admin", "create", email, "--name", name, "--password-stdin", ...of], password);
  }

  get engine() {
    return this.database ? "postgresql" : "sqlite";
  }

  /** Brings the database into a state that no door leads to, such as a broken row. */
  async sql(statement: string) {
    if (!this.database) {
      const script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10); c.execute(sys.argv[2]); c.commit()";
      execFileSync("python3", ["-c", script, join(this.data, "directory.sqlite"), statement]);
      return;
    }
    const client = new Client({ connectionString: this.database });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  /** Ends the process as an operator does. */
  async stop() {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    this.child = undefined;
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  private flags() {
    const listen = ["--listen", `127.0.0.1:${this.port}`, "--public-url", this.url];
    return ["--data", this.data, ...listen, "--metrics-listen", "off", ...this.more];
  }

  private environment() {
    const { DIRECTORY_SYNC_DATABASE_URL: _, ...own } = process.env;
    return this.database ? { ...own, DIRECTORY_SYNC_DATABASE_URL: this.database } : own;
  }
}

export const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

async function freshDatabase(server: string): Promise<string> {
  const name = `e2e_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.toString();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
