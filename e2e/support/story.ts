/** "What happened to Ada?" as a person asks it in the console. */
import { expect, type Page } from "@playwright/test";

/** The log is written behind the answers. */
export async function logged(page: Page, slug: string, requests: number) {
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/api/v1/tenants/${slug}/sync-events?limit=200`);
      return ((await answer.json()) as { items: unknown[] }).items.length;
    })
    .toBeGreaterThanOrEqual(requests);
}

export const story = (page: Page) => page.getByRole("region", { name: "What happened" });

/** What it tells, newest first. */
export const told = (page: Page) =>
  story(page)
    .getByRole("listitem")
    .filter({ has: page.locator("time") });

/** From anywhere, by keys alone. */
export async function find(page: Page, name: string) {
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Find a person, group or request" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
}
