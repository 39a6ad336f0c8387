/** What every journey begins with: a service of its own, a watched browser page, people who sign in. */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { Idp } from "./scim";
import { Service } from "./service";

export const PASSWORD = "correct horse battery";
export const OPERATOR = "olga@sync.example.com";

type Worker = { service: Service };

/** Complaints of the browser that a test provokes on purpose. */
const expected = new WeakMap<Page, RegExp[]>();

export const test = base.extend<{ watched: undefined }, Worker>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const service = await Service.start();
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      await use(service);
      await service.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ service }, use) => use(service.url),
  /** No error, no warning and no report of the Content-Security-Policy may reach the browser's console. */
  watched: [
    async ({ page }, use) => {
      const complaints = watch(page);
      await use(undefined);
      const allowed = expected.get(page) ?? [];
      expect(complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  return complaints;
}

/** The browser writes a line of its own for every refused or failed call. */
export function mayComplain(page: Page, ...patterns: RegExp[]) {
  expected.set(page, [...(expected.get(page) ?? []), ...patterns]);
}

export async function signIn(page: Page, email = OPERATOR, password = PASSWORD) {
  const answer = await page.request.post("/api/v1/session", {
    data: { email, password },
    headers: { "x-directory-sync": "e2e" },
  });
  expect(answer.status()).toBe(200);
}

export const idpOf = (service: Service, slug: string, token: string, agent?: string) =>
  new Idp(`${service.url}/scim/${slug}/v2`, token, agent);

/** WCAG 2.2 A and AA and axe's best practices: nothing may be found. */
export async function expectAccessible(page: Page) {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  // One page without frames of others: the way that opens a second page for each look is not needed.
  // Nor is where each thing stands that is well: finding that out takes longer than the rules do.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(tags).setLegacyMode(true);
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(told).toEqual([]);
}

let names = 0;

/** A slug that no other test of this worker uses. */
export function freshSlug(prefix: string): string {
  names += 1;
  return `${prefix}-${names}-${Math.random().toString(36).slice(2, 7)}`;
}

/** Notes what pages copy from now on: the console forbids everybody to read the clipboard, this test too. */
export async function noteCopies(page: Page) {
  await page.addInitScript(() => {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => {
      sessionStorage.setItem("copied", text);
      return write(text);
    };
  });
}

/** What was copied last. */
export const copied = (page: Page) => page.evaluate(() => sessionStorage.getItem("copied") ?? "");
