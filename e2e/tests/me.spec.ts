/** One's own name, password and sessions. */
import { expect, expectAccessible, freshSlug, mayComplain, PASSWORD, signIn, test } from "../support/test";

test("a person ends a session elsewhere, and it is over there at once", async ({ page, service, browser }) => {
  const slug = freshSlug("own");
  service.tenant("Own Ltd", slug);
  const email = `${slug}@own.test`;
  service.admin(email, "Ona Own", PASSWORD, { tenant: slug, role: "viewer" });
  const agent =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1";
  const phone = await (await browser.newContext({ baseURL: service.url, userAgent: agent })).newPage();
  await signIn(phone, email);
  await phone.goto(`/t/${slug}`);
  await signIn(page, email);
  await page.goto("/me");
  await expect(page.getByText("Safari on iPhone")).toBeVisible();
  await expect(page.getByText("This browser", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: /^End the session of Safari on iPhone/ }).click();
  await expect(page.getByText("Safari on iPhone")).toHaveCount(0);
  await phone.reload();
  await expect(phone).toHaveURL(/\/login/);

  await signIn(phone, email);
  const third = await (await browser.newContext({ baseURL: service.url })).newPage();
  await signIn(third, email);
  await page.reload();
  // The cards above come when it is known how one signs in.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End all others" }).click();
  await expect(page.getByText("Safari on iPhone")).toHaveCount(0);
  await third.goto("/me");
  await expect(third).toHaveURL(/\/login/);
  await page.reload();
  await expect(page.getByText("This browser", { exact: true })).toBeVisible();
});

test("a person takes another name and another password", async ({ page, service }) => {
  const slug = freshSlug("renamed");
  service.tenant("Renamed Ltd", slug);
  const email = `${slug}@own.test`;
  service.admin(email, "Old Name", PASSWORD, { tenant: slug, role: "viewer" });
  mayComplain(page, /401/);
  await signIn(page, email);
  await page.goto("/me");
  await page.getByLabel("Name", { exact: true }).fill("New Name");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("navigation").getByText("New Name")).toBeVisible();

  await page.getByLabel("Current password").fill("not my password");
  await page.getByLabel("New password").fill("another horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("This is not your current password.")).toBeVisible();
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await page.request.delete("/api/v1/session", { headers: { "x-directory-sync": "e2e" } });
  await signIn(page, email, "another horse battery");
});
