/** What is set for a tenant, and what that does at its SCIM door. */
import { expect, expectAccessible, freshSlug, idpOf, PASSWORD, signIn, test } from "../support/test";

test("an operator gives a tenant a limit of its own, and its admin sees it", async ({ page, service, browser }) => {
  const slug = freshSlug("acme");
  service.tenant("Acme", slug);
  service.admin(`admin@${slug}.test`, "Ada Admin", PASSWORD, { tenant: slug, role: "admin" });
  const token = service.token(slug);
  const limit = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${service.url}/scim/${slug}/v2/Users?count=0`, { headers })).headers.get("ratelimit-limit");
  };
  expect(await limit()).toBeNull();
  await signIn(page);
  await page.goto(`/t/${slug}/settings`);
  // The cards are drawn as their texts and lists come, and move what stands below them.
  await page.waitForLoadState("networkidle");
  const card = page.getByRole("region", { name: "Request limit" });
  await expect(card.getByText("The service has no limit for all tenants.")).toBeVisible();
  const save = card.getByRole("button", { name: "Save limit" });
  await expect(save).toBeDisabled();
  await card.getByText("Its own limit").click();
  await card.getByLabel("Requests a second").fill("none");
  await expect(card.getByText("A whole number from 1 to 100,000.")).toBeVisible();
  await expectAccessible(page);
  await card.getByLabel("Requests a second").fill("40");
  await save.click();
  await expect(card.getByText("40 requests a second")).toBeVisible();
  expect(await limit()).toBe("40");

  const other = await (await browser.newContext({ baseURL: service.url })).newPage();
  await signIn(other, `admin@${slug}.test`);
  await other.goto(`/t/${slug}/settings`);
  const seen = other.getByRole("region", { name: "Request limit" });
  await expect(seen.getByText("40 requests a second")).toBeVisible();
  await expect(seen.getByText(/Only an operator of the service can change it/)).toBeVisible();
  await expect(seen.getByRole("button")).toHaveCount(0);
  await other.context().close();

  await card.getByText(/^No limit/).click();
  await save.click();
  await expect(save).toBeDisabled();
  expect(await limit()).toBeNull();
  await page.goto(`/t/${slug}/audit`);
  await expect(page.getByRole("table").getByText("Set the tenant's request limit")).toHaveCount(2);
});

test("an operator renames a tenant, sees its schemas, suspends it and serves it again", async ({ page, service }) => {
  const slug = freshSlug("acme");
  service.tenant("Acme", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await idp.person("ada@acme.test");
  await signIn(page);
  await page.goto(`/t/${slug}`);
  await page.getByRole("link", { name: "This tenant" }).click();
  await expect(page.getByText("None yet.")).toBeVisible();
  const schema = {
    urn: "urn:acme:hr:1.0:User",
    resourceType: "User",
    name: "Personnel",
    attributes: [
      { name: "badge", uniqueness: "server" },
      { name: "level", type: "integer" },
    ],
  };
  const made = await page.request.post(`/api/v1/tenants/${slug}/schemas`, {
    data: schema,
    headers: { "x-directory-sync": "e2e" },
  });
  expect(made.status()).toBe(201);
  await page.reload();
  await expect(page.getByText("badge, level")).toBeVisible();
  await expect(page.getByText("extends people")).toBeVisible();

  const save = page.getByRole("region", { name: "General" }).getByRole("button", { name: "Save" });
  await expect(save).toBeDisabled();
  await page.getByLabel("Company name").fill("Acme Holding");
  await save.click();
  await expect(page).toHaveTitle(/Acme Holding/);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Suspend tenant" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText(/1 people/)).toBeVisible();
  await expectAccessible(page);
  await expect(dialog.getByRole("button", { name: "Suspend tenant" })).toBeDisabled();
  await dialog.getByRole("textbox").fill(slug);
  await dialog.getByRole("button", { name: "Suspend tenant" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/This tenant is suspended/)).toBeVisible();
  expect((await idp.send("GET", "/Users")).status).toBe(503);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Serve again" }).click();
  await expect(page.getByText(/This tenant is suspended/)).toHaveCount(0);
  const back = await idp.send("GET", "/Users");
  expect([back.status, back.body["totalResults"]]).toEqual([200, 1]);
});
