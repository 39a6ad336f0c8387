/** The operator's table of tenants, sorted and filtered, and how a tenant is doing as it changes under the reader's eyes. */
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

test("tenants are filtered by how they stand and sorted by what their heads say", async ({ page, service }) => {
  const prefix = freshSlug("desk");
  const named = (name: string) => `${prefix}-${name}`;
  for (const name of ["alpha", "bravo", "charlie", "delta"]) service.tenant(`Desk ${name}`, named(name));
  const alpha = idpOf(service, named("alpha"), service.token(named("alpha")));
  const bravo = idpOf(service, named("bravo"), service.token(named("bravo"), "okta", "Okta"));
  service.token(named("charlie"));
  await alpha.person("ada@desk.test");
  await alpha.person("max@desk.test");
  await bravo.person("emmy@desk.test");
  for (let times = 0; times < 3; times += 1) await bravo.send("GET", '/Users?filter=userName zz "a"');
  await signIn(page);
  await page.goto(`/operator/tenants?q=${prefix}`);
  const table = page.getByRole("table", { name: "Tenants" });
  const names = () =>
    table.locator("tbody th a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const inOrder = (order: string[]) => expect.poll(names).toEqual(order.map((name) => `/t/${named(name)}`));
  const row = (name: string) => table.getByRole("row").filter({ hasText: `Desk ${name}` });
  await inOrder(["alpha", "bravo", "charlie", "delta"]);
  await expect(row("bravo")).toContainText("Failing", { timeout: 30_000 });
  await expect(row("bravo")).toContainText("75%");
  await expect(row("charlie")).toContainText("Waiting");
  await expect(row("delta")).toContainText("Not connected");
  await expectAccessible(page);

  await table.getByRole("button", { name: "People" }).click();
  await expect(table.getByRole("columnheader", { name: "People" })).toHaveAttribute("aria-sort", "descending");
  await expect.poll(async () => (await names())[0]).toBe(`/t/${named("alpha")}`);
  await table.getByRole("button", { name: "People" }).press("Enter");
  await expect(table.getByRole("columnheader", { name: "People" })).toHaveAttribute("aria-sort", "ascending");
  await expect.poll(async () => (await names()).slice(2)).toEqual([`/t/${named("bravo")}`, `/t/${named("alpha")}`]);
  await page.getByLabel("Sort by").selectOption("State");
  await inOrder(["bravo", "delta", "charlie", "alpha"]);
  await page.getByLabel("Sort by").selectOption("Name");
  await inOrder(["alpha", "bravo", "charlie", "delta"]);

  await page.getByLabel("State", { exact: true }).selectOption("Failing");
  await inOrder(["bravo"]);
  await expect(page).toHaveURL(/standing=failing/);
  await page.reload();
  await inOrder(["bravo"]);
  await page.getByLabel("State", { exact: true }).selectOption("Silent");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.goBack();
  await inOrder(["bravo"]);
});

test("a state changes before the reader's eyes, and who sends is named with how sure that is", async ({
  page,
  service,
}) => {
  const slug = freshSlug("live");
  service.tenant("Live Ltd", slug);
  const token = service.token(slug, "okta", "Okta");
  const nameless = idpOf(service, slug, token, "");
  await nameless.person("ada@live.test");
  await signIn(page);
  // What would be asked for again and again is told instead.
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/api\/v1\/tenants\/[^/]+\/health$/.test(request.url())) asked.push(request.url());
  });
  const stream = page.waitForResponse(/\/health\/stream$/);
  await page.goto(`/t/${slug}/health`);
  const card = page.getByRole("region", { name: "Okta" });
  await expect(card.getByText("Working")).toBeVisible();
  await stream;
  await page.waitForTimeout(1_500);
  const before = asked.length;
  const group = await nameless.group("Guides");
  await nameless.patch(`/Groups/${group}`, [{ op: "replace", value: { id: group, displayName: "Mountain guides" } }]);
  await expect(card.getByText("Okta (likely)")).toBeVisible();
  for (let times = 0; times < 6; times += 1) await nameless.send("GET", '/Users?filter=userName zz "a"');
  await expect(card.getByText("Failing", { exact: true })).toBeVisible();
  expect(asked.length, "the stream told, nothing was asked for").toBe(before);
  await expectAccessible(page);

  await page.goto(`/t/${slug}`);
  const status = page.locator(".status-line");
  await expect(status.getByText("Failing")).toBeVisible();
  await expect(page.getByText("Okta (likely)").first()).toBeVisible();
  const named = idpOf(service, slug, token, "Okta SCIM Client 1.0.0");
  for (let times = 0; times < 20; times += 1) await named.send("GET", "/Users?startIndex=1&count=2");
  await expect(status.getByText("Working")).toBeVisible();
  await expect(page.getByText("Okta (likely)")).toHaveCount(0);
  const requests = page.locator(".stat").filter({ hasText: "Requests, 24 h" });
  await expect(requests).toContainText("29");
  // What the stream does not tell is asked for all the same, every twenty seconds.
  service.run(["tenant", "suspend", slug]);
  await expect(page.getByText(/This tenant is suspended/)).toBeVisible({ timeout: 40_000 });
});

test("Ctrl K leads to screens and to other tenants by keys alone", async ({ page, service }) => {
  const [here, there] = [freshSlug("here"), freshSlug("there")];
  service.tenant("Here Ltd", here);
  service.tenant("There Ltd", there);
  await signIn(page);
  await page.goto(`/t/${here}/users`);
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  const dialog = page.getByRole("dialog", { name: "Find a person, group or request" });
  const type = async (text: string) => {
    await page.keyboard.press("Control+k");
    await expect(dialog.getByRole("textbox")).toBeFocused();
    await page.keyboard.type(text);
  };
  const places = dialog.getByRole("list", { name: "Screens and tenants" }).getByRole("link");
  await type("heal");
  await expect(places.first()).toHaveText("Health");
  await expectAccessible(page);
  await page.keyboard.press("ArrowDown");
  await expect(places.first()).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/t/${here}/health$`));
  await expect(dialog).toHaveCount(0);

  await type(there);
  await expect(places).toHaveText([`There Ltd${there}`]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/t/${there}$`));
  await expect(dialog).toHaveCount(0);

  // Enter in the field asks what happened to the name, as ever.
  await type("heal");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/of=heal/);
});
