/** The demonstration plays each IdP's conversation; the console tells what happened, in order and with the repairs. */

import { Service } from "../support/service";
import { test as base, expect, expectAccessible, PASSWORD, signIn } from "../support/test";

const test = base.extend<object, { service: Service }>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const service = await Service.start("demo");
      service.admin("olga@sync.example.com", "Olga Operator", PASSWORD);
      await service.line("The conversations are over", 120);
      await use(service);
      await service.remove();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

const tenants = [
  ["northwind", "Northwind Traders", "Microsoft Entra ID", "Entra"],
  ["initech", "Initech", "Okta", "Okta"],
  ["globex", "Globex", "OneLogin", "OneLogin"],
  ["hooli", "Hooli", "JumpCloud", "JumpCloud"],
] as const;

test("all four tenants stand in the list with what they have", async ({ page }) => {
  await signIn(page);
  await page.goto("/operator/tenants");
  for (const [, name, , short] of tenants) {
    const row = page.getByRole("row").filter({ hasText: name });
    await expect(row).toContainText(short);
    await expect(row).toContainText("Working");
  }
  await expectAccessible(page);
});

for (const [slug, name, idp, short] of tenants) {
  test(`${idp}: the overview, the log and a person's page tell one story`, async ({ page, service }) => {
    expect(await service.line(`${name}: ${idp}`)).toContain(`/scim/${slug}/v2`);
    await signIn(page);
    await page.goto(`/t/${slug}`);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByText(idp).first()).toBeVisible();
    await expect(page.getByText(new RegExp(`^${short} `)).first()).toBeVisible();
    await expectAccessible(page);

    const changes = await page.request.get(`/api/v1/tenants/${slug}/changes?limit=200`);
    const { items } = (await changes.json()) as {
      items: { seq: number; type: string; resourceId: string; resourceName?: string }[];
    };
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, at) => at + 1));
    const away = items.find(({ type }) => type === "user.deactivated");
    expect(away, "somebody was deactivated").toBeDefined();

    const person = await page.request.get(`/api/v1/tenants/${slug}/users/${away?.resourceId}`);
    if (person.ok()) {
      await page.goto(`/t/${slug}/users/${away?.resourceId}`);
      await expect(page.getByText(new RegExp(`${short} deactivated`)).first()).toBeVisible();
      await expect(page.getByText(new RegExp(`${short} created`)).first()).toBeVisible();
      for (const tab of ["Attributes", "Groups", "Raw"]) {
        await page.getByRole("tab", { name: tab }).click();
        await expectAccessible(page);
      }
    }
    await page.goto(`/t/${slug}/log`);
    await expect(page.getByRole("row").nth(5)).toBeVisible();
    await expectAccessible(page);
  });
}

test("a repair is shown with what was sent and what it was read as", async ({ page }) => {
  await signIn(page);
  const events = await page.request.get("/api/v1/tenants/northwind/sync-events?method=PATCH&limit=200");
  const { items } = (await events.json()) as { items: { id: string; repairs: number }[] };
  const repaired = items.find(({ repairs }) => repairs > 0);
  expect(repaired).toBeDefined();
  await page.goto(`/t/northwind/log/${repaired?.id}`);
  await expect(page.getByText("Repairs we made").first()).toBeVisible();
  await expect(page.getByText("read as").first()).toBeVisible();
  await expectAccessible(page);
});

test("a refusal leads from the overview's notice to its cause and what to do", async ({ page }) => {
  await signIn(page);
  await page.goto("/t/northwind");
  await page.getByRole("link", { name: "See them" }).first().click();
  await expect(page).toHaveURL(/\/t\/northwind\/log\?/);
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByText("Why", { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
});
