/** Theme, language and rows survive a reload; small screens, large type and forced colours leave everything usable. */
import type { Page } from "@playwright/test";
import { logged } from "../support/story";
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("the chosen theme is there in the first paint of the next visit", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page);
  await page.goto("/me");
  // How the console looks is chosen in the last of the cards, which are drawn as their lists come.
  await page.waitForLoadState("networkidle");
  await page.getByText("Dark", { exact: true }).click();
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await expect.poll(ground).toBe("rgb(15, 17, 22)");
  const painted: string[] = [];
  await page.exposeFunction("painted", (color: string) => painted.push(color));
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      const tell = (window as unknown as { painted: (color: string) => void }).painted;
      requestAnimationFrame(() => tell(getComputedStyle(document.documentElement).backgroundColor));
    });
  });
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect.poll(() => painted).toEqual(["rgb(15, 17, 22)"]);
  await expectAccessible(page);
});

test("German fits, and stays", async ({ page, service }) => {
  const slug = freshSlug("deutsch");
  service.tenant("Deutsch GmbH", slug);
  await signIn(page);
  await page.goto("/me");
  await page.waitForLoadState("networkidle");
  await page.getByText("Deutsch", { exact: true }).click();
  await page.goto(`/t/${slug}`);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByText("IdP verbinden").first()).toBeVisible();
  // What the service says in English is told in German too.
  const idp = idpOf(service, slug, service.token(slug));
  await idp.send("GET", '/Users?filter=userName eq "ada@deutsch.test"');
  await idp.send("POST", "/Users", { userName: "ada@deutsch.test", active: "perhaps" });
  await logged(page, slug, 2);
  await page.goto(`/t/${slug}/log`);
  await expect(page.getByText("Nach jemandem gesucht, der nicht hier ist").first()).toBeVisible();
  const refused = page.getByText(/^ada@deutsch\.test wurde abgelehnt: der Wert von active ist von falscher Art/);
  await expect(refused.first()).toBeVisible();
  await page.setViewportSize({ width: 320, height: 640 });
  await expect.poll(() => sideways(page)).toBeLessThanOrEqual(0);
  await expectAccessible(page);
});

test("320 pixels, 400 % zoom and wide letters scroll nothing sideways", async ({ page, service }) => {
  const slug = freshSlug("narrow");
  service.tenant("Narrow Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  const ada = await idp.person("ada.with.a.very.long.user.name@narrow.example.test", { displayName: "Ada Byron" });
  const staff = await idp.group("Staff of the long corridor", [ada]);
  await signIn(page);
  const spacing =
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }";
  for (const address of [
    "",
    "/users",
    `/users/${ada}`,
    "/groups",
    `/groups/${staff}`,
    "/log",
    "/credentials",
    "/settings",
    "/developers",
  ]) {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto(`/t/${slug}${address}`);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    expect(await sideways(page), `${address} at 320 px`).toBeLessThanOrEqual(0);
    // A style sheet made by script stands outside the policy's reach, as a browser's own text settings do.
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, spacing);
    expect(await sideways(page), `${address} with wide letters`).toBeLessThanOrEqual(0);
  }
});

test("forced colours and no motion keep the states readable", async ({ page, service }) => {
  const slug = freshSlug("forced");
  service.tenant("Forced Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await idp.person("ada@forced.test", { active: false });
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await signIn(page);
  await page.goto(`/t/${slug}/users`);
  const state = page.getByRole("row").filter({ hasText: "ada@forced.test" }).getByText("Inactive");
  await expect(state).toBeVisible();
  await expect(page.locator("tbody svg").first()).toBeVisible();
});

test("single keys lead from page to page and can be switched off", async ({ page, service }) => {
  const slug = freshSlug("single");
  service.tenant("Single Keys Ltd", slug);
  await signIn(page);
  // Before it is known who is signed in the page has another heading, and no keys yet.
  const overview = page.getByRole("heading", { level: 1, name: "Single Keys Ltd" });
  await page.goto(`/t/${slug}`);
  await expect(overview).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page).toHaveURL(`/t/${slug}/users`);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.goto("/me");
  await page.waitForLoadState("networkidle");
  await page.locator("label", { hasText: "Single keys" }).click();
  await page.goto(`/t/${slug}`);
  await expect(overview).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await page.waitForTimeout(300);
  await expect(page).toHaveURL(`/t/${slug}`);
});
