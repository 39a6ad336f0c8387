/** A token's life: issued by keyboard alone, shown once, used, revoked, refused. */
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

test("a token is created by keyboard only and is nowhere once its dialog is closed", async ({ page, service }) => {
  const slug = freshSlug("keys");
  service.tenant("Keyboard Ltd", slug);
  await signIn(page);
  const answers: string[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("/api/v1/") && response.request().method() === "GET") {
      answers.push(await response.text().catch(() => ""));
    }
  });
  await page.goto(`/t/${slug}/credentials`);
  await page.getByRole("button", { name: "New credential" }).first().focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "Name" })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("textbox", { name: "Name" }).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Prod by keys");
  await page.keyboard.press("Enter");

  const shown = page.getByRole("dialog", { name: /Token of “Prod by keys”/ });
  await expect(shown).toBeVisible();
  await expectAccessible(page);
  const token = await shown.getByRole("textbox", { name: "Token" }).inputValue();
  expect(token).toMatch(/^dsk_[0-9A-Za-z]{12}_[0-9A-Za-z]{39}$/);

  await page.keyboard.press("Escape");
  await expect(page.getByText(/cannot be shown again/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Keep open" }).focus();
  await page.keyboard.press("Enter");
  await expect(shown).toBeVisible();
  await page.getByRole("button", { name: "I have stored it" }).focus();
  await page.keyboard.press("Enter");
  await expect(shown).toBeHidden();

  const secret = token.slice(17);
  expect(await page.content()).not.toContain(secret);
  expect(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href])),
  ).not.toContain(secret);
  await page.reload();
  await expect(page.getByText("Prod by keys").first()).toBeVisible();
  expect(answers.join("\n")).not.toContain(secret);

  const idp = idpOf(service, slug, token);
  expect((await idp.send("GET", "/Users")).status).toBe(200);
});

test("a revoked token is refused at once, and the log tells why", async ({ page, service }) => {
  const slug = freshSlug("revoke");
  service.tenant("Revoke Ltd", slug);
  const token = service.token(slug, "okta");
  const idp = idpOf(service, slug, token, "Okta SCIM Client 1.0.0");
  await idp.person("max@revoke.test", { displayName: "Max Born" });
  await signIn(page);
  await page.goto(`/t/${slug}/credentials`);
  // The last use is written behind the requests.
  await expect(page.getByText(/from 127\.0\.0\.1/).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: /Actions for “Prod”/ }).click();
  await page.getByRole("menuitem", { name: "Revoke token" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog.getByText(/refused at once/)).toBeVisible();
  await expectAccessible(page);
  await expect(dialog.getByRole("button", { name: "Revoke token" })).toBeDisabled();
  await dialog.getByRole("textbox").fill("Prod");
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  // The dialog itself speaks of revoked tokens.
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Revoked", { exact: true })).toBeVisible();

  expect((await idp.send("GET", "/Users")).status).toBe(401);
  await page.goto(`/t/${slug}/log`);
  await page.getByText("401").first().click();
  // The filter by cause has such words too.
  await expect(
    page
      .getByRole("complementary")
      .getByText(/revoked/i)
      .first(),
  ).toBeVisible();
  await expect(page.getByText("What to do").first()).toBeVisible();
  await expectAccessible(page);
});
