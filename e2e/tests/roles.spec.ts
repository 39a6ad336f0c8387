/** What each role sees, and that everything else looks like what does not exist. */
import type { Page } from "@playwright/test";
import { expect, expectAccessible, freshSlug, idpOf, mayComplain, PASSWORD, signIn, test } from "../support/test";

const MISSING = "This page does not exist, or you may not see it";

async function expectMissing(page: Page, address: string) {
  await page.goto(address);
  await expect(page.getByText(MISSING).first(), address).toBeVisible();
}

async function expectOpen(page: Page, address: string) {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 }).first(), address).toBeVisible();
  await expect(page.getByText(MISSING), address).toHaveCount(0);
}

for (const [role, open, closed] of [
  [
    "viewer",
    ["", "/users", "/groups", "/who", "/log", "/health", "/audit"],
    ["/credentials", "/settings", "/developers", "/changes", "/webhooks", "/access"],
  ],
  [
    "developer",
    ["", "/users", "/groups", "/who", "/developers", "/changes", "/webhooks", "/access"],
    ["/credentials", "/log", "/health", "/settings", "/audit"],
  ],
  [
    "admin",
    [
      ...["", "/users", "/groups", "/who", "/log", "/health", "/credentials", "/settings", "/audit", "/developers"],
      ...["/changes", "/webhooks", "/access"],
    ],
    [],
  ],
] as const) {
  test(`a ${role} opens what they may and nothing else`, async ({ page, service }) => {
    const slug = freshSlug(role);
    service.tenant("Roles Ltd", slug);
    const other = freshSlug("other");
    service.tenant("Other Ltd", other);
    const email = `${slug}@roles.test`;
    service.admin(email, "Rita Role", PASSWORD, { tenant: slug, role });
    mayComplain(page, /40[34]/);
    await signIn(page, email);
    for (const part of open) await expectOpen(page, `/t/${slug}${part}`);
    await expectAccessible(page);
    for (const part of closed) await expectMissing(page, `/t/${slug}${part}`);
    await expectMissing(page, "/operator/tenants");
    await expectMissing(page, "/operator/system");
    await expectMissing(page, "/operator/admins");
    await expectMissing(page, "/operator/audit");
    await expectMissing(page, "/operator/roles");
    await expectMissing(page, `/t/${other}`);
    await page.goto(`/t/${slug}`);
    await expect(page.getByRole("link", { name: "Credentials" })).toHaveCount(role === "admin" ? 1 : 0);
    await expect(page.getByRole("link", { name: "Audit", exact: true })).toHaveCount(role === "developer" ? 0 : 1);
    await expect(page.getByRole("link", { name: "Developers" })).toHaveCount(role === "viewer" ? 0 : 1);
    await expect(page.getByRole("link", { name: "Webhooks" })).toHaveCount(role === "viewer" ? 0 : 1);
  });
}

test("one tenant's ids in another tenant's addresses look like ids that never were", async ({ page, service }) => {
  const [acme, other] = [freshSlug("acme"), freshSlug("other")];
  service.tenant("Acme", acme);
  service.tenant("Other", other);
  const idp = idpOf(service, acme, service.token(acme));
  const ada = await idp.person("ada@acme.test", { displayName: "Ada Secret" });
  const staff = await idp.group("Secret Staff", [ada]);
  await signIn(page);
  const newest = async () => {
    const answer = await page.request.get(`/api/v1/tenants/${acme}/sync-events?limit=1`);
    return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
  };
  await expect.poll(newest).toBeDefined();
  const event = await newest();
  // Narrow enough for one request to be a page of its own.
  await page.setViewportSize({ width: 900, height: 800 });
  mayComplain(page, /404/);
  const never = "01990000-0000-7000-8000-000000000000";
  for (const [list, id] of [
    ["users", ada],
    ["groups", staff],
    ["log", event],
  ] as const) {
    await expectMissing(page, `/t/${other}/${list}/${id}`);
    const foreign = await page.locator("main").innerText();
    expect(foreign).not.toMatch(/Secret/);
    await expectMissing(page, `/t/${other}/${list}/${never}`);
    expect(await page.locator("main").innerText()).toBe(foreign);
  }
  await page.goto(`/t/${other}/users?q=ada`);
  await expect(page.getByText("Ada Secret")).toHaveCount(0);
});

test("names that look like markup, formulas or other directions show as text", async ({ page, service }) => {
  const slug = freshSlug("hostile");
  service.tenant("<img src=x onerror=alert(1)>", slug);
  const idp = idpOf(service, slug, service.token(slug));
  const names = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    '=HYPERLINK("https://evil.example")',
    "\u202Egnp.exe",
    "👩‍🚀".repeat(30),
    "x".repeat(400),
    "{{constructor.constructor('alert(3)')()}}",
  ];
  const ids: string[] = [];
  for (const [at, displayName] of names.entries()) ids.push(await idp.person(`hostile${at}@h.test`, { displayName }));
  await idp.group(names[0] ?? "", ids);
  let alerted = false;
  page.on("dialog", (dialog) => {
    alerted = true;
    void dialog.dismiss();
  });
  await signIn(page);
  for (const address of ["", "/users", "/groups", "/log"]) {
    await page.goto(`/t/${slug}${address}`);
    await expect(page.getByText("<script>alert(1)</script>").first()).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${address} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  await page.goto(`/t/${slug}/users/${ids[1]}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("onerror");
  await page.goto(`/t/${slug}/users/${ids[5]}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectAccessible(page);
  expect(alerted).toBe(false);
});
