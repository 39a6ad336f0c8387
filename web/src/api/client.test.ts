/** What every call does, against a service that is slow to reach in a test: refusing, silent, signed out. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Failure } from "./failure";
import { reachability } from "./reachability";
import { signIn, signOut } from "./session";
import { sessionEnd } from "./sessionEnd";
import { createTenant } from "./tenants";

const address = (path: string) => `${window.location.origin}/api/v1${path}`;
const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  sessionEnd.leave();
});
afterAll(() => server.close());

const problem = (status: number, code: string) =>
  HttpResponse.json(
    { type: "about:blank", title: code, status, code, requestId: "01JD" },
    { status, headers: { "content-type": "application/problem+json" } },
  );

const caught = async (call: Promise<unknown>): Promise<Failure> => {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof Failure)) throw new Error(`not a failure: ${String(failure)}`);
  return failure;
};

describe("a call that changes something", () => {
  it("carries the header that a foreign page cannot send", async () => {
    let header: string | null = null;
    server.use(
      http.delete(address("/session"), ({ request }) => {
        header = request.headers.get("x-directory-sync");
        return new HttpResponse(null, { status: 204 });
      }),
    );
    await signOut();
    expect(header).toBe("console");
  });

  it("sends what it is given and gives back what comes", async () => {
    server.use(
      http.post(address("/tenants"), async ({ request }) =>
        HttpResponse.json({ slug: "acme", ...((await request.json()) as object) }, { status: 201 }),
      ),
    );
    expect(await createTenant({ name: "Acme" })).toMatchObject({ name: "Acme", slug: "acme" });
  });

  it("fails with the problem's code and request id", async () => {
    server.use(http.post(address("/tenants"), () => problem(409, "slug_taken")));
    expect(await caught(createTenant({ name: "Acme" }))).toMatchObject({
      status: 409,
      code: "slug_taken",
      requestId: "01JD",
    });
  });
});

describe("a lost session", () => {
  it("is asked for again over the page of somebody who was signed in", async () => {
    server.use(http.post(address("/tenants"), () => problem(401, "not_signed_in")));
    sessionEnd.begin();
    await caught(createTenant({ name: "Acme" }));
    expect(sessionEnd.get()).toBe("ended");
  });

  it("is no news to somebody who never was", async () => {
    server.use(http.post(address("/tenants"), () => problem(401, "not_signed_in")));
    await caught(createTenant({ name: "Acme" }));
    expect(sessionEnd.get()).toBeUndefined();
  });

  it("is not what a wrong password means", async () => {
    server.use(http.post(address("/session"), () => problem(401, "sign_in_failed")));
    sessionEnd.begin();
    await caught(signIn({ email: "a@b.test", password: "wrong" }));
    expect(sessionEnd.get()).toBeUndefined();
  });
});

describe("a service that does not answer", () => {
  it("is noticed, and its return too", async () => {
    server.use(http.delete(address("/session"), () => HttpResponse.error()));
    expect(await caught(signOut())).toMatchObject({ status: 0, code: "unreachable" });
    expect(reachability.since()).toBeTypeOf("number");
    server.use(http.delete(address("/session"), () => new HttpResponse(null, { status: 204 })));
    await signOut();
    expect(reachability.since()).toBeUndefined();
  });

  it("is not a proxy that answers with a page of its own", async () => {
    server.use(http.delete(address("/session"), () => HttpResponse.html("<h1>Bad gateway</h1>", { status: 502 })));
    expect(await caught(signOut())).toMatchObject({ status: 502, code: "unexpected" });
    expect(reachability.since()).toBeUndefined();
  });
});
