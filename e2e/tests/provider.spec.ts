/** Signing in at the installation's OpenID provider: known people and invited ones come in, others do not. */
import type { Page } from "@playwright/test";
import { OpenIdProvider } from "../support/provider";
import { Service } from "../support/service";
import { test as base, expect, expectAccessible, OPERATOR, PASSWORD, signIn } from "../support/test";

const redirects: string[] = [];

const test = base.extend<object, { provider: OpenIdProvider }>({
  provider: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const provider = await OpenIdProvider.start(redirects);
      await use(provider);
      await provider.stop();
    },
    { scope: "worker" },
  ],
  service: [
    async ({ provider }, use) => {
      const service = await Service.start("serve", provider.flags);
      redirects.push(`${service.url}/api/v1/sign-in/provider/callback`);
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      service.tenant("Acme Corp", "acme");
      await use(service);
      await service.remove();
    },
    { scope: "worker" },
  ],
});

/** Goes through the provider's own two pages. */
async function signInThere(page: Page, email: string) {
  // The provider's pages ask for letters from elsewhere, which a test must not.
  await page.route(/fonts\.g/, (route) => route.fulfill({ contentType: "text/css", body: "" }));
  await page.goto("/login");
  await page.getByRole("link", { name: "Sign in with Acme Login" }).click();
  await page.locator("input[name=login]").fill(email);
  await page.locator("input[name=password]").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

const admin = async (page: Page) => (await (await page.request.get("/api/v1/session")).json()).admin;

test("a person comes in by the provider and stays the same person", async ({ page, service, browser }) => {
  service.admin("ada@acme.test", "Ada Byron", PASSWORD, { tenant: "acme", role: "viewer" });
  await signInThere(page, "ada@acme.test");
  await expect(page).toHaveURL(/\/t\/acme$/);
  expect((await admin(page)).name).toBe("Ada Byron");
  const again = await (await browser.newContext({ baseURL: service.url })).newPage();
  await signInThere(again, "ada@acme.test");
  await expect(again).toHaveURL(/\/t\/acme$/);
  await again.goto("/me");
  await expect(again.getByText("Your company's sign-in is linked.")).toBeVisible();
  await expectAccessible(again);
});

test("who is to sign in anew does so although the provider still knows them, and comes back to their page", async ({
  page,
  service,
}) => {
  service.admin("eve@acme.test", "Eve", PASSWORD, { tenant: "acme", role: "admin" });
  await signInThere(page, "eve@acme.test");
  await expect(page).toHaveURL(/\/t\/acme$/);
  await page.goto("/api/v1/sign-in/provider?anew=true&next=/t/acme/users");
  await page.locator("input[name=login]").fill("eve@acme.test");
  await page.locator("input[name=password]").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  const goOn = page.getByRole("button", { name: "Continue" });
  await expect(async () => {
    if (await goOn.isVisible()) await goOn.click();
    await expect(page).toHaveURL(/\/t\/acme\/users$/, { timeout: 1_000 });
  }).toPass();
  const issued = await page.request.post("/api/v1/tenants/acme/api-keys", {
    data: { name: "CI", role: "viewer" },
    headers: { "x-directory-sync": "e2e" },
  });
  expect(issued.status()).toBe(201);
});

test("who was invited needs no link, and an address that is not verified opens nothing", async ({
  page,
  service,
  provider,
  browser,
}) => {
  await signIn(page);
  for (const email of ["ivy@acme.test", "uma@acme.test"]) {
    const invited = await page.request.post("/api/v1/tenants/acme/invitations", {
      data: { email, name: "Ivy", role: "developer" },
      headers: { "x-directory-sync": "e2e" },
    });
    expect(invited.status()).toBe(201);
  }
  const guest = await (await browser.newContext({ baseURL: service.url })).newPage();
  await signInThere(guest, "ivy@acme.test");
  await expect(guest).toHaveURL(/\/t\/acme$/);
  const left = await (await page.request.get("/api/v1/tenants/acme/invitations")).json();
  expect(left.items.map((invitation: { email: string }) => invitation.email)).toEqual(["uma@acme.test"]);
  provider.unverified.add("uma@acme.test");
  const other = await (await browser.newContext({ baseURL: service.url })).newPage();
  await signInThere(other, "uma@acme.test");
  await expect(other).toHaveURL(/login/);
  await expect(other.getByRole("alert")).toBeVisible();
});

test("somebody the provider knows and we do not stays outside, as does a forged way back", async ({ page }) => {
  await signInThere(page, "stranger@elsewhere.test");
  await expect(page).toHaveURL(/login/);
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
  for (const query of ["", "?code=x&state=y", "?error=access_denied&state=y"]) {
    await page.goto(`/api/v1/sign-in/provider/callback${query}`);
    await expect(page).toHaveURL(/login/);
  }
  expect((await page.request.get("/api/v1/session")).status()).toBe(401);
});
