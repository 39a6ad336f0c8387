/** Signing in and out, a session that ends under an open page, a service that goes away and returns. */

import { Service } from "../support/service";
import {
  expect,
  expectAccessible,
  freshSlug,
  mayComplain,
  OPERATOR,
  PASSWORD,
  test as plain,
  signIn,
  test,
} from "../support/test";

test("a person signs in after a wrong password and comes to where they wanted to be", async ({ page, service }) => {
  const slug = freshSlug("wanted");
  service.tenant("Wanted Ltd", slug);
  mayComplain(page, /401/);
  await page.goto(`/t/${slug}/users?q=ada`);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(OPERATOR);
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This e-mail and password do not belong together.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Password").press("Enter");
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/users\\?q=ada$`));
});

test("a session that ends in the middle of a form is renewed over the page, with all that was typed", async ({
  page,
}) => {
  mayComplain(page, /401/);
  await signIn(page);
  await page.goto("/operator/tenants");
  await page.getByRole("button", { name: "New tenant" }).first().click();
  const name = freshSlug("Typed");
  await page.getByLabel("Company name").fill(name);
  // The list behind the form is asked for every ten seconds: after that the form is the first to miss the session.
  await page.waitForResponse(/\/api\/v1\/tenants(\?|$)/);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Create tenant" }).click();
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await expect(again).toBeVisible();
  await expectAccessible(page);
  await again.getByLabel("Password").fill(PASSWORD);
  if ((await again.getByLabel("E-mail").inputValue()) === "") await again.getByLabel("E-mail").fill(OPERATOR);
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toBeHidden();
  await expect(page.getByLabel("Company name")).toHaveValue(name);
  await page.getByRole("button", { name: "Create tenant" }).click();
  await page
    .getByRole("dialog", { name: /is there/ })
    .getByRole("button", { name: "Later" })
    .click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
});

test("a sign-in that is too old for what is asked is renewed over the page, or left alone", async ({
  page,
  service,
}) => {
  const slug = freshSlug("stale");
  service.tenant("Stale Ltd", slug);
  service.token(slug, "okta", "Prod");
  mayComplain(page, /403/);
  await signIn(page);
  await page.goto(`/t/${slug}/credentials`);
  // A session of a quarter of an hour, in the service's own words.
  let refusals = 2;
  await page.route("**/revoke", async (route) => {
    refusals -= 1;
    if (refusals < 0) return route.continue();
    const body = { type: "about:blank", title: "Forbidden", status: 403, code: "sign_in_again" };
    await route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(body) });
  });
  await page.getByRole("button", { name: /Actions for “Prod”/ }).click();
  await page.getByRole("menuitem", { name: "Revoke token" }).click();
  const dialog = page.getByRole("alertdialog");
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(again.getByText(/soon after signing in/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(again).toBeHidden();
  await expect(dialog.getByText(/needs a recent sign-in/)).toBeVisible();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await again.getByLabel("Password").fill(PASSWORD);
  await again.getByRole("button", { name: "Sign in" }).click();
  await expect(again).toBeHidden();
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
});

test("signing out in one window signs the others out", async ({ page, context }) => {
  mayComplain(page, /401/);
  await signIn(page);
  await page.goto("/me");
  const second = await context.newPage();
  await second.goto("/operator/tenants");
  await expect(second.getByRole("heading", { level: 1, name: "Tenants" })).toBeVisible();
  await page.getByRole("button", { name: "Olga Operator" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(second.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

plain("a service that goes away is told with the age of what is shown, and its return too", async ({ page }) => {
  const service = await Service.start();
  try {
    service.admin(OPERATOR, "Olga Operator", PASSWORD);
    service.tenant("Away Ltd", "away");
    mayComplain(page, /./);
    await page.request.post(`${service.url}/api/v1/session`, {
      data: { email: OPERATOR, password: PASSWORD },
      headers: { "x-directory-sync": "e2e" },
    });
    await page.goto(`${service.url}/t/away`);
    await expect(page.getByRole("heading", { level: 1, name: "Away Ltd" })).toBeVisible();
    await service.stop();
    await expect(page.getByText(/The service does not answer/).first()).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "Away Ltd" })).toBeVisible();
    // The page looks by itself too, and may not find the service before the button is down.
    await page.route("**/api/v1/**", (route) => route.abort());
    await service.serve();
    await page.getByRole("button", { name: "Try now" }).hover();
    await page.mouse.down();
    await page.unroute("**/api/v1/**");
    await page.mouse.up();
    await expect(page.getByText(/The service does not answer/)).toHaveCount(0);
    // Sessions stand in the database: nobody has to sign in again.
    await expect(page.getByRole("heading", { level: 1, name: "Away Ltd" })).toBeVisible();
  } finally {
    await service.remove();
  }
});
