/** The sync log: filters that stand in the address, Back, live rows, one request. */
import { readFileSync } from "node:fs";
import { logged } from "../support/story";
import {
  copied,
  expect,
  expectAccessible,
  freshSlug,
  idpOf,
  mayComplain,
  noteCopies,
  signIn,
  test,
} from "../support/test";

test("filters stand in the address, alone and together, and Back undoes the last one", async ({
  page,
  service,
  browser,
}) => {
  const slug = freshSlug("log");
  service.tenant("Log Ltd", slug);
  const token = service.token(slug, "other");
  const idp = idpOf(service, slug, token);
  const ada = await idp.person("ada@log.test", { displayName: "Ada Byron" });
  await idp.send("POST", "/Users", { userName: "ADA@log.test" });
  await idp.send("GET", `/Users/${ada}`);
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "active", value: false }]);
  await signIn(page);
  await page.goto(`/t/${slug}/log`);
  const rows = page.getByRole("row").filter({ hasText: "/Users" });
  await expect(rows).toHaveCount(4);

  await page.goto(`/t/${slug}/log?outcome=rejected`);
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("409");
  await page.goto(`/t/${slug}/log?method=POST`);
  await expect(rows).toHaveCount(2);
  await page.goto(`/t/${slug}/log?method=POST&outcome=accepted&span=1h`);
  await expect(rows).toHaveCount(1);
  await page.goto(`/t/${slug}/log?outcome=nonsense`);
  await expect(rows).toHaveCount(4);

  await page.getByRole("searchbox").fill("ada@");
  await expect(page).toHaveURL(/q=ada/);
  await page.goBack();
  await expect(page).not.toHaveURL(/q=ada/);
  await expect(rows).toHaveCount(4);

  const other = await browser.newContext();
  const copy = await other.newPage();
  await copy.goto(`${service.url}/t/${slug}/log?outcome=rejected`);
  await expect(copy.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await copy.getByLabel("E-mail").fill("olga@sync.example.com");
  await copy.getByLabel("Password").fill("correct horse battery");
  await copy.getByRole("button", { name: "Sign in" }).click();
  await expect(copy.getByRole("row").filter({ hasText: "/Users" })).toHaveCount(1);
  await other.close();
});

test("new requests come live, and a refused one says who holds the name and what to do", async ({ page, service }) => {
  const slug = freshSlug("live");
  service.tenant("Live Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "entra"));
  await signIn(page);
  await page.goto(`/t/${slug}/log`);
  await expect(page.getByText("No request yet")).toBeVisible();
  await expectAccessible(page);
  const holder = await idp.person("ada@live.test", { displayName: "Ada Byron" });
  await idp.send("POST", "/Users", { userName: "Ada@Live.test" });
  const refused = page.getByRole("row").filter({ hasText: "409" });
  await expect(refused).toHaveCount(1);
  await refused.getByRole("link").first().click();
  await expect(page.getByText("What to do").first()).toBeVisible();
  await expect(page.getByText("uniqueness").first()).toBeVisible();
  const panel = page.getByRole("complementary");
  const link = panel.getByRole("link", { name: "Who holds it: Ada Byron", exact: true });
  await expect(link).toHaveAttribute("href", `/t/${slug}/users/${holder}`);
  await expectAccessible(page);
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/users/${holder}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Ada Byron" })).toBeVisible();
  await page.goBack();
  await expect(link).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/log$`));
});

test("new requests wait while one is open or the list is scrolled, and come when they are asked for", async ({
  page,
  service,
}) => {
  const slug = freshSlug("wait");
  service.tenant("Wait Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta"));
  for (let at = 0; at < 60; at += 1) await idp.send("GET", `/Users?filter=userName eq "p${at}@wait.test"`);
  await signIn(page);
  // Whatever is written later would be counted as new.
  await logged(page, slug, 60);
  await page.goto(`/t/${slug}/log`);
  const rows = page.getByRole("row").filter({ hasText: "/Users" });
  await expect(rows.first()).toBeVisible();
  await rows.first().getByRole("link").first().click();
  await expect(page.getByRole("complementary")).toBeVisible();
  const address = page.url();
  await idp.person("ada@wait.test");
  await idp.person("bob@wait.test");
  const fresh = page.getByRole("button", { name: "2 new" });
  await expect(fresh).toBeVisible();
  await expect(rows.filter({ hasText: "Created" })).toHaveCount(0);
  await expectAccessible(page);
  await fresh.click();
  await expect(rows.filter({ hasText: "Created" })).toHaveCount(2);
  expect(page.url()).toBe(address);

  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);
  await page.getByRole("table").hover();
  await page.mouse.wheel(0, 900);
  await expect.poll(() => page.locator(".virtual-frame").evaluate((frame) => frame.scrollTop)).toBeGreaterThan(0);
  await idp.person("max@wait.test");
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(rows.first()).toContainText("max@wait.test");
});

test("a request leads to the look-ups before it, and is copied as a command", async ({ page, service }) => {
  const slug = freshSlug("curl");
  service.tenant("Curl Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta"));
  const asked = 'userName eq "ada@curl.test"';
  await idp.send("GET", `/Users?filter=${asked}`);
  await idp.person("ada@curl.test");
  await signIn(page);
  await noteCopies(page);
  await page.goto(`/t/${slug}/log?method=POST`);
  await page.getByRole("row").filter({ hasText: "POST" }).getByRole("link").first().click();
  const panel = page.getByRole("complementary");
  await panel.getByRole("button", { name: "Copy as curl" }).click();
  await expect(panel.getByRole("button", { name: "Copied" })).toBeVisible();
  const command = await copied(page);
  expect(command).toContain("Bearer $SCIM_TOKEN");
  expect(command).toContain(`/scim/${slug}/v2/Users'`);
  await expectAccessible(page);
  const before = panel.locator("section").filter({ hasText: "Looked up just before" });
  await before.getByRole("link").first().click();
  await expect(panel.getByText("ada@curl.test").first()).toBeVisible();
  await expect(panel).toContainText("GET");
});

test("what was asked and answered is shown masked, in full only to whom the tenant shows it", async ({
  page,
  service,
}) => {
  const slug = freshSlug("said");
  service.tenant("Said Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta"));
  await idp.person("ada@said.test", { password: "t0p-secret" });
  await signIn(page);
  await page.goto(`/t/${slug}/log`);
  const rows = page.getByRole("row").filter({ hasText: "/Users" });
  await rows.first().getByRole("link").first().click();
  await page.getByRole("tab", { name: "Request" }).click();
  await expect(page).toHaveURL(/tab=request/);
  const panel = page.getByRole("tabpanel");
  await expect(panel).toContainText('"userName": "<text 13>"');
  await expect(panel).toContainText('"password": "<removed>"');
  await expect(panel).toContainText("authorization: Bearer <removed>");
  await expectAccessible(page);
  await page.getByRole("tab", { name: "Answer" }).click();
  await expect(panel).toContainText('"resourceType": "User"');

  await page.goto(`/t/${slug}/settings`);
  // The cards are drawn as their texts and lists come, and move what stands below them.
  await page.waitForLoadState("networkidle");
  await page.getByText(/^In full/).click();
  const card = page.getByRole("region", { name: "What is kept, and for how long" });
  await card.getByLabel("Requests are kept for").selectOption("30");
  await expectAccessible(page);
  await card.getByRole("button", { name: "Save" }).click();
  await expect(card.getByRole("button", { name: "Save" })).toBeDisabled();
  await idp.person("bob@said.test", { password: "t0p-secret" });
  await page.goto(`/t/${slug}/log?q=bob`);
  await rows.first().getByRole("link").first().click();
  await page.getByRole("tab", { name: "Request" }).click();
  await expect(panel).toContainText('"userName": "bob@said.test"');
  await expect(panel).toContainText('"password": "<removed>"');
});

test("what is filtered is taken away as a file", async ({ page, service }) => {
  const slug = freshSlug("file");
  service.tenant("File Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta"));
  await idp.person("ada@file.test", { displayName: "=HYPERLINK(1)" });
  await idp.send("POST", "/Users", { userName: "ada@file.test" });
  await signIn(page);
  await page.goto(`/t/${slug}/log?cause=uniqueness&idp=okta`);
  const rows = page.getByRole("row").filter({ hasText: "/Users" });
  await expect(rows).toHaveCount(1);
  await page.goto(`/t/${slug}/log?cause=uniqueness&over=5000`);
  await expect(page.getByRole("button", { name: "Clear Took over: 5 s" })).toBeVisible();
  await page.goto(`/t/${slug}/log?method=POST`);
  await expect(rows).toHaveCount(2);
  await expectAccessible(page);
  const saved = async (format: RegExp) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: format }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const csv = await saved(/CSV/);
  expect(csv.name).toMatch(/^sync-log-file-.*\.csv$/);
  expect(csv.text.trim().split("\r\n")).toHaveLength(3);
  expect(csv.text).toContain("'=HYPERLINK(1)");
  const ndjson = await saved(/NDJSON/);
  const lines = ndjson.text.trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([409, 201]);
});

test("a request that is not there looks like a page that is not there", async ({ page, service }) => {
  const slug = freshSlug("gone");
  service.tenant("Gone Ltd", slug);
  await signIn(page);
  mayComplain(page, /404/);
  // Beside the list the panel says so; alone it is a page.
  await page.goto(`/t/${slug}/log/01990000-0000-7000-8000-000000000000`);
  await expect(page.getByRole("complementary").getByText("There is nothing here.")).toBeVisible();
  await page.setViewportSize({ width: 900, height: 800 });
  await page.goto(`/t/${slug}/log/01990000-0000-7000-8000-000000000000`);
  await expect(page.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
});
