/** Signing in with a code of an authenticator app, and with a passkey, in a browser that has one. */
import type { Page } from "@playwright/test";
import { TOTP } from "otpauth";
import { Service } from "../support/service";
import { test as base, expect, expectAccessible, mayComplain, OPERATOR, PASSWORD, signIn } from "../support/test";

const test = base.extend<object, object>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const service = await Service.start("serve", [], "localhost");
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      await use(service);
      await service.remove();
    },
    { scope: "worker" },
  ],
});

async function typeSignIn(page: Page, email: string) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("an app is set up, its code is asked for, and a recovery code helps without it", async ({
  page,
  service,
  browser,
}) => {
  service.admin("totti@sync.example.com", "Totti", PASSWORD);
  await signIn(page, "totti@sync.example.com");
  await page.goto("/me");
  await page.getByRole("button", { name: "Set up app" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("img", { name: "Picture with the key for the app" })).toBeVisible();
  await expectAccessible(page);
  const key = await dialog.getByLabel("Key", { exact: true }).inputValue();
  const app = new TOTP({ secret: key });
  const used = app.generate();
  await dialog.getByLabel("Code the app shows").fill(used);
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  const recovery =
    (await page.getByRole("dialog", { name: "Your recovery codes" }).innerText()).match(/[a-z0-9]{5}-[a-z0-9]{5}/g) ??
    [];
  expect(recovery).toHaveLength(10);
  await page.getByRole("button", { name: "I have stored them" }).click();
  await expect(page.getByText("10 recovery codes left")).toBeVisible();

  const other = await (await browser.newContext({ baseURL: service.url })).newPage();
  mayComplain(other, /401/);
  await typeSignIn(other, "totti@sync.example.com");
  // The code that set the app up is used, also once the app shows another; the next one is good already.
  await other.getByLabel("Code").fill(used);
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other.getByText(/code is not good/)).toBeVisible();
  await other.getByLabel("Code").fill(app.generate({ timestamp: Date.now() + 30_000 }));
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other).not.toHaveURL(/login/);

  const third = await (await browser.newContext({ baseURL: service.url })).newPage();
  await typeSignIn(third, "totti@sync.example.com");
  await third.getByLabel("Code").fill((recovery[0] ?? "").toUpperCase());
  await third.getByRole("button", { name: "Continue" }).click();
  await expect(third).not.toHaveURL(/login/);
  await third.goto("/me");
  await expect(third.getByText("9 recovery codes left")).toBeVisible();
});

test("a passkey signs in without a name or a password, and no more once it is removed", async ({
  page,
  service,
  context,
}) => {
  service.admin("pia@sync.example.com", "Pia Passkey", PASSWORD);
  const browser = await context.newCDPSession(page);
  await browser.send("WebAuthn.enable");
  await browser.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await signIn(page, "pia@sync.example.com");
  await page.goto("/me");
  await page.getByRole("button", { name: "Add passkey" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("Laptop");
  await form.getByRole("button", { name: "Go on in the browser" }).click();
  await expect(page.getByRole("button", { name: "Remove passkey Laptop" })).toBeVisible();

  await page.request.delete("/api/v1/session", { headers: { "x-directory-sync": "e2e" } });
  await page.goto("/login");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).not.toHaveURL(/login/);
  const session = await (await page.request.get("/api/v1/session")).json();
  expect(session.admin.email).toBe("pia@sync.example.com");
  const own = await (await page.request.get("/api/v1/me/sessions")).json();
  expect(own.items[0].method).toBe("passkey");
  const audit = await (await page.request.get("/api/v1/audit")).json();
  const acts = audit.items.map((entry: { act: string }) => entry.act);
  expect(acts).toContain("passkey.added");
  expect(acts[0]).toBe("session.started");

  await page.goto("/me");
  await page.getByRole("button", { name: "Remove passkey Laptop" }).click();
  await page
    .getByRole("alertdialog")
    .or(page.getByRole("dialog"))
    .getByRole("button", { name: "Remove passkey" })
    .click();
  await expect(page.getByText("No passkey yet.")).toBeVisible();
  await page.request.delete("/api/v1/session", { headers: { "x-directory-sync": "e2e" } });
  mayComplain(page, /401/);
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page).toHaveURL(/login/);
});
