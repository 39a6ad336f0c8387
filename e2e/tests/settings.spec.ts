/** What is set for a tenant, and what that does at its SCIM door. */
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

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

  const save = page.getByRole("button", { name: "Save" });
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
