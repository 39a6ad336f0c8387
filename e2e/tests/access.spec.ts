/** From the roles of the app to who has them: entered, mapped with who gains in sight, seen at a person, taken away. */
import { expect, expectAccessible, freshSlug, idpOf, mayComplain, PASSWORD, signIn, test } from "../support/test";

test("an operator enters a role, an admin maps a group, and the people of it have it", async ({ page, service }) => {
  const slug = freshSlug("access");
  const key = `editor-${slug}`;
  service.tenant("Access Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  const ada = await idp.person("ada@access.test", { displayName: "Ada Byron" });
  const max = await idp.person("max@access.test", { displayName: "Max Born" });
  await idp.group("Writers", [ada]);
  const all = await idp.group("Everybody", [ada, max]);

  await signIn(page);
  await page.goto("/operator/roles");
  await page.getByRole("button", { name: "New role" }).first().click();
  const form = page.getByRole("dialog", { name: "New role" });
  await form.getByLabel("Key").fill("Not A Key");
  await expect(form.getByText("Only small letters", { exact: false }).last()).toBeVisible();
  await form.getByLabel("Key").fill(key);
  await form.getByLabel("Name").fill(`Editor ${slug}`);
  await form.getByLabel("Description").fill("Writes articles");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create role" }).click();
  await expect(page.getByRole("row").filter({ hasText: key })).toBeVisible();
  await expectAccessible(page);

  const email = `${slug}@access.test`;
  service.admin(email, "Anna Admin", PASSWORD, { tenant: slug, role: "admin" });
  await signIn(page, email);
  await page.goto(`/t/${slug}/access`);
  const card = page.getByRole("region", { name: `Editor ${slug}` });
  await expect(card.getByText("No group gives it, so nobody has it.")).toBeVisible();

  await page.getByRole("button", { name: "Map a group" }).click();
  const map = page.getByRole("dialog", { name: "Map a group to a role" });
  await map.getByLabel("Role", { exact: true }).selectOption({ label: `Editor ${slug} (${key})` });
  await map.getByLabel("Find a group").fill("every");
  await map.getByText(/^Everybody/).click();
  await expect(map.getByText("2 people gain the role")).toBeVisible();
  await expect(map.getByRole("link", { name: "Max Born" })).toBeVisible();
  await expectAccessible(page);
  // Nothing has happened yet.
  const mapped = async () => {
    const answer = await page.request.get(`/api/v1/tenants/${slug}/role-mappings`);
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  expect(await mapped()).toBe(0);
  await map.getByRole("button", { name: "Give it to 2 people" }).click();
  await expect(map).toHaveCount(0);
  await expect(card.getByRole("link", { name: "Everybody" })).toBeVisible();
  await expect(card.getByText("2 people have it")).toBeVisible();

  // What somebody has follows from the mappings at once; only the count is told behind them.
  const role = page.getByRole("row").filter({ hasText: key });
  await page.goto(`/t/${slug}/users/${max}?tab=roles`);
  await expect(role).toBeVisible();
  await expect(role.getByRole("link", { name: "Everybody" })).toHaveAttribute("href", `/t/${slug}/groups/${all}`);
  await expectAccessible(page);

  await page.goto(`/t/${slug}/access`);
  await card.getByRole("button", { name: `Remove “Everybody” from “Editor ${slug}”` }).click();
  const removal = page.getByRole("alertdialog");
  await expect(removal.getByText("2 people lose the role")).toBeVisible();
  await expectAccessible(page);
  await removal.getByRole("button", { name: "Remove mapping" }).click();
  await expect(removal).toHaveCount(0);
  await expect(card.getByText("No group gives it, so nobody has it.")).toBeVisible();
  await page.goto(`/t/${slug}/users/${max}?tab=roles`);
  await expect(page.getByText("No role of the app.")).toBeVisible();
});

test("a developer sees which groups give which roles, and changes none of it", async ({ page, service }) => {
  const slug = freshSlug("look");
  service.tenant("Look Ltd", slug);
  const email = `${slug}@look.test`;
  service.admin(email, "Dev Eloper", PASSWORD, { tenant: slug, role: "developer" });
  await signIn(page);
  const headers = { "x-directory-sync": "e2e" };
  const data = { key: `reader-${slug}`, name: `Reader ${slug}`, description: "Reads" };
  expect((await page.request.post("/api/v1/roles", { data, headers })).ok()).toBe(true);
  await signIn(page, email);
  await page.goto(`/t/${slug}/access`);
  await expect(page.getByRole("region", { name: `Reader ${slug}` })).toBeVisible();
  await expect(page.getByRole("button", { name: "Map a group" })).toHaveCount(0);
});

test("a role that a group gives is not deleted", async ({ page, service }) => {
  const slug = freshSlug("kept");
  service.tenant("Kept Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  const staff = await idp.group("Staff", []);
  await signIn(page);
  const headers = { "x-directory-sync": "e2e" };
  const data = { key: `kept-${slug}`, name: `Kept ${slug}`, description: "" };
  expect((await page.request.post("/api/v1/roles", { data, headers })).status()).toBe(201);
  const mapping = `/api/v1/tenants/${slug}/role-mappings/${staff}/${data.key}`;
  expect((await page.request.put(mapping, { headers })).ok()).toBe(true);

  const remove = async () => {
    await page.getByRole("button", { name: `Actions for “Kept ${slug}”` }).click();
    await page.getByRole("menuitem", { name: "Delete role" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete role" }).click();
  };
  mayComplain(page, /409/);
  await page.goto("/operator/roles");
  const refused = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await remove();
  expect((await refused).status()).toBe(409);
  await expect(page.getByRole("alertdialog").getByRole("alert")).toBeVisible();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();

  expect((await page.request.delete(mapping, { headers })).ok()).toBe(true);
  await remove();
  await expect(page.getByRole("row").filter({ hasText: `kept-${slug}` })).toHaveCount(0);
});
