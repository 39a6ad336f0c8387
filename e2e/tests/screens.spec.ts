/**
 * Every screen in its states, light and dark, wide and narrow: axe finds nothing, and a picture of each is kept under
 * results/screens for people to look at.
 */
import type { Page, Route } from "@playwright/test";
import { Receiver } from "../support/receiver";
import { Service } from "../support/service";
import {
  test as base,
  expect,
  expectAccessible,
  idpOf,
  mayComplain,
  OPERATOR,
  PASSWORD,
  signIn,
} from "../support/test";

type Ground = {
  service: Service;
  ada: string;
  staff: string;
  gone: string;
  refused: string;
  patched: string;
  webhook: string;
};

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const test = base.extend<object, { ground: Ground }>({
  service: [async ({ ground }, use) => use(ground.service), { scope: "worker" }],
  ground: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const service = await Service.start("serve", Receiver.flags);
      const receiver = await Receiver.start();
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      await use({ service, ...(await fill(service, receiver)) });
      await service.remove();
      await receiver.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

// Half of all journeys stand here: each worker takes some of them, on a ground of its own.
test.describe.configure({ mode: "parallel" });

/** One company with people, groups and troubles; one that has just been made; a few more for the list. */
async function fill(service: Service, receiver: Receiver) {
  service.tenant("Acme Corp", "acme");
  service.tenant("New Venture", "new-venture");
  for (const act of ["suspend", "resume"]) service.run(["tenant", act, "acme"]);
  for (const name of ["Globex", "Initech", "Umbrella"]) service.tenant(name, name.toLowerCase());
  const idp = idpOf(service, "acme", service.token("acme", "entra"), "Microsoft-Entra-ID");
  service.token("acme", "entra", "Staging, unused");
  service.token("globex", "okta");
  const names = ["Ada Byron", "Max Born", "Emmy Noether", "Grace Hopper", "Alan Turing", "Lise Meitner", "Kurt Gödel"];
  const ids: string[] = [];
  for (const [at, displayName] of names.entries()) {
    const [givenName, familyName] = displayName.split(" ");
    const userName = `${givenName?.toLowerCase()}@acme.test`;
    ids.push(
      await idp.person(userName, {
        displayName,
        externalId: `00${at}-aad`,
        name: { givenName, familyName },
        title: "Engineer",
        active: at === 3 ? "False" : "True",
        emails: [{ value: userName, type: "work", primary: true }],
        [ENTERPRISE]: { department: "Research", manager: { value: ids[0] ?? "boss-who-never-came" } },
      }),
    );
  }
  for (let at = 0; at < 60; at += 1) await idp.person(`person${at}@acme.test`, { displayName: `Person ${at}` });
  const [ada = "", max = ""] = ids;
  const staff = await idp.group("Engineering", [...ids, "01990000-0000-7000-8000-000000000001"]);
  await idp.group("Everybody", [staff]);
  await idp.patch(`/Users/${max}`, [{ op: "Replace", path: "active", value: "False" }]);
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "title", value: "Countess" }]);
  await idp.send("POST", "/Users", { userName: "ADA@acme.test", displayName: "Another Ada" });
  await idp.send("GET", '/Users?filter=userName eq "');
  await idp.send("POST", "/Users", { displayName: "Nameless" });
  const gone = await idp.person("left@acme.test", { displayName: "Lena Left" });
  await idp.send("DELETE", `/Users/${gone}`);
  await idp.send("GET", '/Users?filter=userName eq "never@acme.test"');
  await idp.send("POST", "/Users", { userName: "never@acme.test", active: "perhaps" });
  await idpOf(service, "acme", "dsk_madeup").send("GET", "/Users");
  const json = { "content-type": "application/json", "x-directory-sync": "e2e" };
  const session = await fetch(`${service.url}/api/v1/session`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ email: OPERATOR, password: PASSWORD }),
  });
  const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: { ...json, cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  await call("POST", "/roles", {
    key: "editor",
    name: "Editor",
    description: "Writes and changes articles",
  });
  await call("PUT", `/tenants/acme/role-mappings/${staff}/editor`);
  // Its app takes a test and nothing more, so that there is something to see.
  const hook = { name: "App", url: receiver.url, after: 0 };
  const { webhook } = await call<{ webhook: { id: string } }>("POST", "/tenants/acme/webhooks", hook);
  await call("POST", `/tenants/acme/webhooks/${webhook.id}/test`);
  receiver.answer = { status: 503, body: "not now" };
  await call("POST", `/tenants/acme/webhooks/${webhook.id}/test`);
  await call("POST", "/tenants/acme/changes/acknowledgements", { seq: 3 });
  const find = async (query: string) => {
    for (let tries = 0; tries < 300; tries += 1) {
      const answer = await fetch(`${service.url}/api/v1/tenants/acme/sync-events?${query}`, { headers: { cookie } });
      const { items } = (await answer.json()) as { items: { id: string }[] };
      if (items[0]) return items[0].id;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no event for ${query}`);
  };
  return {
    ada,
    staff,
    gone,
    webhook: webhook.id,
    refused: await find("cause=uniqueness"),
    patched: await find(`method=PATCH&resource=${max}`),
  };
}

/** Each scheme and each width once; every pair of them where `E2E_LOOKS` is `all`, as `./just screens` has it. */
const looks = (
  [
    ["light", 1280],
    ["dark", 360],
    ["dark", 1280],
    ["light", 360],
  ] as const
).slice(0, process.env.E2E_LOOKS === "all" ? 4 : 2);

/** Visits an address in every look, or in those given; `ready` waits for what has to be seen. */
async function look(
  page: Page,
  name: string,
  address: string,
  ready: (page: Page) => Promise<void>,
  wanted: readonly (readonly ["light" | "dark", number])[] = looks,
) {
  for (const [colorScheme, width] of wanted) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
    await page.goto(address);
    await ready(page);
    await page.screenshot({ path: `results/screens/${name}-${colorScheme}-${width}.png` });
    await expectAccessible(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${name} scrolls sideways at ${width} px`).toBeLessThanOrEqual(0);
  }
}

const heading = async (page: Page) => {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await page.waitForLoadState("networkidle");
};

const seen = (text: string | RegExp) => async (page: Page) => {
  await expect(page.getByText(text).locator("visible=true").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
};

test("screens of everybody", async ({ page }) => {
  mayComplain(page, /410/, /401/);
  await look(page, "login", "/login", heading);
  await look(page, "welcome-used", "/welcome#used-long-ago", seen("This link cannot be used"));
  await look(page, "setup-used", "/setup#used-long-ago", seen("This link cannot be used"));
  await look(page, "invite-used", "/invite#used-long-ago", seen("This link cannot be used"));
  await look(page, "reset-used", "/reset#used-long-ago", seen("This link cannot be used"));
  await look(page, "login-forgotten", "/login", async () => {
    await page.getByRole("button", { name: "Forgot your password?" }).click();
    await seen("Ask an operator of the service")(page);
  });
});

test("an invitation, to each who may open it", async ({ page }) => {
  mayComplain(page, /401/);
  await signIn(page);
  const invite = async (email: string) => {
    const data = { email, name: "Nora Newcomer", role: "developer" };
    const made = await page.request.post("/api/v1/tenants/globex/invitations", {
      data,
      headers: { "x-directory-sync": "e2e" },
    });
    return new URL(((await made.json()) as { link: string }).link);
  };
  const address = ({ pathname, hash }: URL) => `${pathname}${hash}`;
  const [stranger, known] = [await invite("nora@globex.test"), await invite(OPERATOR)];
  await look(page, "invite-other", address(stranger), seen("You are signed in as"));
  await look(page, "invite-join", address(known), seen("You are signed in as Olga Operator."));
  await page.context().clearCookies();
  await look(page, "invite-new", address(stranger), seen("Accept invitation"));
  await look(page, "invite-known", address(known), seen("You have an account here."));
});

test("people and keys of the service", async ({ page }) => {
  await signIn(page);
  const headers = { "x-directory-sync": "e2e" };
  await page.request.post("/api/v1/invitations", { data: { email: "otto@sync.test", name: "Otto" }, headers });
  await page.request.post("/api/v1/api-keys", { data: { name: "Provisioning script", lifetimeDays: 20 }, headers });
  await look(page, "people", "/operator/admins", seen("Provisioning script"));
  await page.request.post("/api/v1/tenants/acme/api-keys", { data: { name: "Nightly", role: "viewer" }, headers });
  await look(page, "developers", "/t/acme/developers", seen("Nightly"));
});

test("screens of the operator", async ({ page }) => {
  await signIn(page);
  await look(page, "tenants", "/operator/tenants", seen("Umbrella"));
  await look(page, "tenants-nothing-found", "/operator/tenants?q=zzz", seen("Nothing matches"));
  await look(page, "system", "/operator/system", seen("Running since"));
  await look(page, "app-roles", "/operator/roles", seen("Editor"));
  await look(page, "service-audit", "/operator/audit", seen("Added a person"));
  await look(page, "me", "/me", heading);
  await look(page, "reference", "/reference", seen("/tenants/{tenant}/roles"));
});

const filled: [string, (ground: Ground) => string, (page: Page) => Promise<void>][] = [
  ["overview", () => "/t/acme", seen("Last 48 hours")],
  ["health", () => "/t/acme/health", seen("Repairs in 30 days")],
  ["setup", () => "/t/acme/setup", seen("Set up JumpCloud")],
  ["setup-begin", () => "/t/acme/setup/onelogin", seen("There is no connection for OneLogin yet.")],
  ["setup-guide", () => "/t/acme/setup/entra?step=2", seen("Token accepted")],
  ["setup-token", () => "/t/acme/setup/entra?step=2&since=2099-01-01T00:00:00.000Z", seen("What arrived since")],
  ["credentials", () => "/t/acme/credentials", seen("Staging, unused")],
  ["credential-new", () => "/t/acme/credentials?new=1", seen("Create credential")],
  ["settings", () => "/t/acme/settings", seen("None yet.")],
  ["users", () => "/t/acme/users", seen("Emmy Noether")],
  ["users-nothing-found", () => "/t/acme/users?q=zzz&active=false", seen("Nothing matches")],
  ["user", ({ ada }) => `/t/acme/users/${ada}`, seen(/changed Ada Byron/)],
  ["user-all", ({ ada }) => `/t/acme/users/${ada}?reads=1`, seen(/changed Ada Byron/)],
  [
    "user-nothing-shown",
    ({ ada }) => `/t/acme/users/${ada}?changes=0&memberships=0&refusals=0&vain=0`,
    seen("What is loaded has nothing"),
  ],
  ["who", () => "/t/acme/who", seen("What happened to somebody?")],
  ["who-never", () => "/t/acme/who?of=never@acme.test", seen("Nobody here has or had this name.")],
  ["who-nothing", () => "/t/acme/who?of=nobody@acme.test", seen("Nothing is kept")],
  ["user-attributes", ({ ada }) => `/t/acme/users/${ada}?tab=attributes`, seen("Core attributes")],
  ["user-groups", ({ ada }) => `/t/acme/users/${ada}?tab=groups`, seen("through another group")],
  ["user-raw", ({ ada }) => `/t/acme/users/${ada}?tab=raw`, seen(/Countess/)],
  ["groups", () => "/t/acme/groups", seen("Everybody")],
  ["group", ({ staff }) => `/t/acme/groups/${staff}`, seen("Emmy Noether")],
  ["group-history", ({ staff }) => `/t/acme/groups/${staff}?tab=history`, seen("What happened")],
  ["user-roles", ({ ada }) => `/t/acme/users/${ada}?tab=roles`, seen("Through group")],
  ["changes", () => "/t/acme/changes", seen(/created the group Everybody/)],
  ["change", () => "/t/acme/changes?sel=1", seen("What it changed")],
  ["changes-nothing-found", () => "/t/acme/changes?type=group.deleted", seen("Nothing matches")],
  ["webhooks", () => "/t/acme/webhooks", seen(/\/hook/)],
  ["webhook", ({ webhook }) => `/t/acme/webhooks/${webhook}`, seen("webhook.test")],
  ["access", () => "/t/acme/access", seen("Editor")],
  ["log", () => "/t/acme/log", seen("409")],
  ["log-rejected", () => "/t/acme/log?outcome=rejected&span=24h", seen("409")],
  ["log-nothing-found", () => "/t/acme/log?q=zzz", seen("Nothing matches")],
  ["audit", () => "/t/acme/audit", seen("Visited the tenant as operator")],
  ["audit-entry", () => "/t/acme/audit?sel=2", seen("Before and after")],
  ["audit-nothing-found", () => "/t/acme/audit?act=schema.dropped", seen("Nothing matches")],
  ["log-cause", () => "/t/acme/log?outcome=rejected&cause=uniqueness&span=24h", seen("409")],
  ["event-refused", ({ refused }) => `/t/acme/log/${refused}`, seen("What to do")],
  ["event-repaired", ({ patched }) => `/t/acme/log/${patched}`, seen("Repairs we made")],
];

for (const [name, address, ready] of filled) {
  test(`a company's ${name}`, async ({ page, ground }) => {
    await signIn(page);
    await look(page, name, address(ground), ready);
  });
}

test("an OAuth client's form, and its secrets and keys", async ({ page, service }) => {
  service.tenant("Hooli", "hooli");
  service.token("hooli", "entra");
  await signIn(page);
  const api = "/api/v1/tenants/hooli";
  const { items } = await (await page.request.get(`${api}/connections`)).json();
  const jwksUri = "https://example.com/discovery/v2.0/keys";
  const trust = { issuer: "https://login.example.com/01234567-89ab-cdef/v2.0", jwksUri };
  const data = { connectionId: items[0].id, name: "Entra sync", rights: "scim", secret: true, trust };
  const made = await page.request.post(`${api}/oauth-clients`, { data, headers: { "x-directory-sync": "e2e" } });
  expect(made.status()).toBe(201);
  await look(page, "credential-new-client", "/t/hooli/credentials?new=1", async () => {
    const form = page.getByRole("dialog");
    await form.getByText(/^OAuth client/).click();
    await form.getByText(/^Signed assertions/).click();
    await form.getByText(/^Pasted here/).click();
    await expect(form.getByRole("textbox", { name: /^Key set/ })).toBeVisible();
  });
  await look(page, "client", "/t/hooli/credentials", async () => {
    await page.getByRole("button", { name: "Actions for “Entra sync”" }).click();
    await page.getByRole("menuitem", { name: "Secrets and keys" }).click();
    await seen(jwksUri)(page);
  });
});

test("a new company's screens say what will be here and what to do next", async ({ page }) => {
  await signIn(page);
  await look(page, "overview-empty", "/t/new-venture", seen("Connect the IdP"));
  await look(page, "credentials-empty", "/t/new-venture/credentials", seen("No credential yet"));
  await look(page, "users-empty", "/t/new-venture/users", seen("Nobody here yet"));
  await look(page, "groups-empty", "/t/new-venture/groups", seen("No group yet"));
  await look(page, "developers-empty", "/t/new-venture/developers", seen("No API key yet"));
  await look(page, "health-empty", "/t/new-venture/health", seen("No open connection"));
  await look(page, "changes-empty", "/t/new-venture/changes", seen("No change yet"));
  await look(page, "webhooks-empty", "/t/new-venture/webhooks", seen("No webhook yet"));
  await look(page, "log-empty", "/t/new-venture/log", seen("No request yet"));
});

const states: [string, (ground: Ground) => string, RegExp][] = [
  ["tenants", () => "/operator/tenants", /\/api\/v1\/tenants(\?|$)/],
  ["system", () => "/operator/system", /\/api\/v1\/system/],
  ["people", () => "/operator/admins", /\/api\/v1\/people(\?|$)/],
  ["developers", () => "/t/acme/developers", /\/api\/v1\/.*\/api-keys$/],
  ["people-of-a-tenant", () => "/t/acme/settings", /\/api\/v1\/.*\/people(\?|$)/],
  ["me", () => "/me", /\/api\/v1\/me\/sessions$/],
  ["invite", () => "/invite#loading", /\/api\/v1\/invitations\/check$/],
  ["reset", () => "/reset#loading", /\/api\/v1\/password-resets\/check$/],
  ["overview", () => "/t/acme", /\/api\/v1\/tenants\/acme$/],
  ["credentials", () => "/t/acme/credentials", /\/api\/v1\/.*\/(credentials|connections)$/],
  ["users", () => "/t/acme/users", /\/api\/v1\/.*\/users\?/],
  ["user", ({ ada }) => `/t/acme/users/${ada}`, /\/api\/v1\/.*\/users\/[0-9a-f-]+$/],
  ["timeline", ({ ada }) => `/t/acme/users/${ada}`, /\/api\/v1\/.*\/timeline\?/],
  ["who", () => "/t/acme/who?of=never@acme.test", /\/api\/v1\/.*\/timeline\?/],
  ["groups", () => "/t/acme/groups", /\/api\/v1\/.*\/groups\?/],
  ["group", ({ staff }) => `/t/acme/groups/${staff}`, /\/api\/v1\/.*\/groups\/[0-9a-f-]+$/],
  ["overview-figures", () => "/t/acme", /\/api\/v1\/.*\/(figures|problems|health(\/stream)?)(\?|$)/],
  ["health", () => "/t/acme/health", /\/api\/v1\/.*\/health(\/stream)?(\?|$)/],
  ["changes", () => "/t/acme/changes", /\/api\/v1\/.*\/changes\?/],
  ["in-step", () => "/t/acme/changes", /\/api\/v1\/.*\/acknowledgements$/],
  ["webhooks", () => "/t/acme/webhooks", /\/api\/v1\/.*\/webhooks$/],
  ["webhook", ({ webhook }) => `/t/acme/webhooks/${webhook}`, /\/api\/v1\/.*\/webhooks\/[0-9a-f-]+$/],
  ["deliveries", ({ webhook }) => `/t/acme/webhooks/${webhook}`, /\/api\/v1\/.*\/deliveries(\?|$)/],
  ["access", () => "/t/acme/access", /\/api\/v1\/tenants\/acme\/roles$/],
  ["app-roles", () => "/operator/roles", /\/api\/v1\/roles$/],
  ["user-roles", ({ ada }) => `/t/acme/users/${ada}?tab=roles`, /\/api\/v1\/.*\/access$/],
  ["log", () => "/t/acme/log", /\/api\/v1\/.*\/sync-events\?/],
  ["audit", () => "/t/acme/audit", /\/api\/v1\/.*\/audit\?/],
  ["event", ({ refused }) => `/t/acme/log/${refused}`, /\/api\/v1\/.*\/sync-events\/[0-9a-f-]+$/],
];

// Each state of these pages once in the tests of every day: one scheme and width while it loads, the other when it fails.
const [loading, failing] = looks.length === 2 ? [looks.slice(0, 1), looks.slice(1)] : [looks, looks];

for (const [name, address, calls] of states) {
  test(`${name} while it loads, and when it fails`, async ({ page, ground }) => {
    await signIn(page);
    const waiting: Route[] = [];
    await page.route(calls, (route) => {
      waiting.push(route);
    });
    await look(
      page,
      `${name}-loading`,
      address(ground),
      async () => {
        await expect.poll(() => waiting.length).toBeGreaterThan(0);
        // Nothing for 200 ms, then a skeleton of the real shape.
        await page.waitForTimeout(450);
      },
      loading,
    );
    await page.unrouteAll({ behavior: "ignoreErrors" });
    // A code that never was is refused once its held call goes on.
    mayComplain(page, /500/, /410/);
    await page.route(calls, (route) =>
      route.fulfill({
        status: 500,
        contentType: "application/problem+json",
        body: JSON.stringify({
          type: "about:blank",
          title: "Internal Server Error",
          status: 500,
          code: "internal",
          detail: "internal error",
          requestId: "01990000-0000-7000-8000-00000000abcd",
        }),
      }),
    );
    await look(
      page,
      `${name}-failing`,
      address(ground),
      async () => {
        await expect(page.getByText("Nothing was half done.").first()).toBeVisible();
        await expect(page.getByRole("button", { name: "Retry" }).first()).toBeVisible();
        await page.waitForLoadState("networkidle");
      },
      failing,
    );
  });
}

test("a busy week's chart, as a picture and as a table, and a connection near its end", async ({ page }) => {
  await signIn(page);
  // Two days and a quarantine cannot be waited for.
  await page.route(/\/api\/v1\/tenants\/acme\/figures/, async (route) => {
    const figures = await (await route.fetch()).json();
    for (const [at, hour] of figures.hours.entries()) {
      hour.accepted = at % 24 < 6 ? 0 : Math.round(240 * Math.sin(((at % 24) - 6) / 5.8) ** 2);
      hour.rejected = at % 9 === 4 ? 37 : at % 4 === 1 ? 1 : 0;
      hour.failed = at > 30 && at < 34 ? 24 : 0;
    }
    for (const part of ["accepted", "rejected", "failed"]) {
      figures[part] = figures.hours.reduce((sum: number, hour: Record<string, number>) => sum + (hour[part] ?? 0), 0);
    }
    figures.requests = figures.accepted + figures.rejected + figures.failed;
    await route.fulfill({ json: figures });
  });
  const chart = page.getByRole("slider", { name: "Requests per hour" });
  await look(page, "overview-chart", "/t/acme", async () => {
    await chart.focus();
    await page.keyboard.press("PageDown");
    await seen("Show them in the log")(page);
    await chart.scrollIntoViewIfNeeded();
  });
  await look(page, "overview-table", "/t/acme", async () => {
    // What is above it may still come.
    await page.waitForLoadState("networkidle");
    await page.getByText("Show as table").click();
    await page.getByRole("table", { name: "Requests per hour" }).scrollIntoViewIfNeeded();
  });
  // The stream would tell how it really is; "no content" ends it.
  await page.route(/\/api\/v1\/tenants\/acme\/health\/stream$/, (route) => route.fulfill({ status: 204 }));
  await page.route(/\/api\/v1\/tenants\/acme\/health$/, async (route) => {
    const { items } = await (await route.fetch()).json();
    const [one] = items;
    const cycles = Array.from({ length: 10 }, (_, at) => ({
      ...one.cycles[0],
      startedAt: new Date(Date.now() - (at * 40 + 200) * 60_000).toISOString(),
      endedAt: new Date(Date.now() - (at * 40 + 195) * 60_000).toISOString(),
      running: false,
    }));
    const rhythm = { usualSeconds: 2400, silentAfterSeconds: 7200 };
    const silent = {
      ...one,
      connectionId: "silent",
      name: "Contractors",
      health: "silent",
      idp: "okta",
      rhythm,
      cycles,
    };
    const quarantine = { refused: 5210, requests: 9800, distance: "beyond" };
    await route.fulfill({
      json: {
        items: [
          { ...one, health: "failing", quarantine },
          { ...silent, quarantine: undefined, repairs: [] },
        ],
      },
    });
  });
  await look(page, "health-troubled", "/t/acme/health", seen("Contractors"));
});

test("the page of somebody deleted, and finding somebody from anywhere", async ({ page, ground }) => {
  mayComplain(page, /404/);
  await signIn(page);
  await look(page, "user-deleted", `/t/acme/users/${ground.gone}`, seen(/Entra deleted Lena Left, /));
  await look(page, "palette", "/t/acme/users", async () => {
    await seen("Emmy Noether")(page);
    await page.keyboard.press("Control+k");
    await seen("Find a person, group or request")(page);
  });
});

test("what is out of reach looks like what is not there", async ({ page }) => {
  mayComplain(page, /404/);
  await signIn(page);
  await look(page, "missing", "/t/no-such-tenant", seen("This page does not exist, or you may not see it"));
  await look(page, "unknown-address", "/no/such/page", seen("This page does not exist, or you may not see it"));
});
