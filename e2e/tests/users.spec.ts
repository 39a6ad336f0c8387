/** The list of people: who is active, who changed lately, who is in no group, and which connection sent them. */
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

test("people are filtered by their state, their last change and their groups, in the address", async ({
  page,
  service,
}) => {
  const slug = freshSlug("people");
  service.tenant("People Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta"));
  const ada = await idp.person("ada@people.test");
  await idp.person("bob@people.test");
  await idp.person("max@people.test", { active: false });
  await idp.group("Staff", [ada]);
  await signIn(page);
  const rows = page.getByRole("row").filter({ hasText: "@people.test" });

  await page.goto(`/t/${slug}/users?groups=none`);
  await expect(rows).toHaveCount(2);
  await page.goto(`/t/${slug}/users?groups=none&active=true&changed=24h`);
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("bob@people.test");
  await expectAccessible(page);
  await page.getByRole("combobox", { name: "Groups" }).selectOption("any");
  await expect(page).not.toHaveURL(/groups=/);
  await expect(rows).toHaveCount(2);

  await page.goto(`/t/${slug}/users?changed=7d`);
  await expect(rows).toHaveCount(3);
  // The newest change stands first.
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "title", value: "Engineer" }]);
  await page.reload();
  await expect(rows.first()).toContainText("ada@people.test");
  await page.setViewportSize({ width: 1600, height: 900 });
  await expect(page.getByRole("columnheader", { name: "Source" })).toBeVisible();
});
