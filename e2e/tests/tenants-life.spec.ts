/** A tenant gets another short name, and is deleted, as an operator and an IdP meet it. */
import { expect, expectAccessible, freshSlug, idpOf, mayComplain, signIn, test } from "../support/test";

test("a tenant gets another short name, IdPs go on at the old one until it is dropped", async ({ page, service }) => {
  const slug = freshSlug("acme");
  const next = `${slug}-ag`;
  service.tenant("Acme", slug);
  service.tenant("Taken", `${slug}-taken`);
  const token = service.token(slug);
  const idp = idpOf(service, slug, token);
  await idp.person("ada@acme.test");
  await signIn(page);
  await page.goto(`/t/${slug}/settings`);
  const card = page.getByRole("region", { name: "Address" });
  const change = card.getByRole("button", { name: "Change short name" });
  await expect(change).toBeDisabled();
  await card.getByRole("textbox").fill("not a slug");
  await expect(change).toBeDisabled();
  // What is asked for by the old name while the page moves on is not found.
  mayComplain(page, /40[49]/);
  await card.getByRole("textbox").fill(`${slug}-taken`);
  await change.click();
  await expect(card.getByText("Another tenant has this short name already.")).toBeVisible();
  await card.getByRole("textbox").fill(next);
  await expect(card.getByText(`/scim/${next}/v2`)).toBeVisible();
  await change.click();
  await expect(page).toHaveURL(new RegExp(`/t/${next}/settings$`));
  const old = card.getByRole("list", { name: "Earlier short names" }).getByRole("listitem");
  await expect(old).toHaveText(new RegExp(`^${slug}.*No request by it since then`));
  await expectAccessible(page);

  const answer = await idp.send("GET", "/Users");
  expect([answer.status, answer.body["totalResults"]]).toEqual([200, 1]);
  await expect(old).toHaveText(/A request last came by it/, { timeout: 30_000 });
  await page.getByRole("button", { name: `Drop ${slug}` }).click();
  const dialog = page.getByRole("alertdialog");
  await expectAccessible(page);
  await dialog.getByRole("textbox").fill(slug);
  await dialog.getByRole("button", { name: "Drop short name" }).click();
  await expect(dialog).toBeHidden();
  await expect(old).toHaveCount(0);
  expect((await idp.send("GET", "/Users")).status).toBe(401);
  expect((await idpOf(service, next, token).send("GET", "/Users")).status).toBe(200);
});

test("an operator deletes a tenant: what goes is named, its short name is typed", async ({ page, service }) => {
  const slug = freshSlug("acme");
  service.tenant("Acme Corp", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await idp.person("ada@acme.test");
  await idp.person("bob@acme.test");
  await signIn(page);
  await page.goto(`/t/${slug}/settings`);
  // It is the last of the cards, which are drawn as their texts and lists come.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Delete tenant" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByRole("definition")).toHaveText(["2", "0", "1", "1"]);
  const act = dialog.getByRole("button", { name: "Delete tenant" });
  await expect(act).toBeDisabled();
  await dialog.getByRole("textbox").fill("Acme Corp");
  await expect(act).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByRole("textbox").fill(slug);
  // What is asked for while the page is left is not there any more.
  mayComplain(page, /404/);
  await act.click();
  await expect(page).toHaveURL(/\/operator\/tenants$/);
  // Other journeys make tenants too, and of a long list only what is in view is drawn.
  await page.getByRole("searchbox").fill(slug);
  await expect(page.getByRole("row", { name: /Acme Corp/ }).filter({ hasText: slug })).toContainText("Being deleted");
  expect((await idp.send("GET", "/Users")).status).toBe(401);
  await page.goto(`/t/${slug}`);
  await expect(page.getByText(/This tenant is being deleted/)).toBeVisible();
  await expectAccessible(page);
});
