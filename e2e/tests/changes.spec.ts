/** The changes as an app gets them: live, narrowed, one of them whole, and whether the app keeps up. */
import { execFileSync, spawn } from "node:child_process";
import type { Page } from "@playwright/test";
import {
  copied,
  expect,
  expectAccessible,
  freshSlug,
  idpOf,
  mayComplain,
  noteCopies,
  PASSWORD,
  signIn,
  test,
} from "../support/test";

const rows = (page: Page) => page.getByRole("table", { name: "Changes" }).locator("tbody").getByRole("row");
const row = (page: Page, text: string | RegExp) => rows(page).filter({ hasText: text });

const api = (slug: string) => `/api/v1/tenants/${slug}`;

const panelOf = (page: Page) => page.getByRole("complementary", { name: /^Change/ });

/** A key of a program that follows the changes. */
async function keyOf(page: Page, slug: string, name: string): Promise<string> {
  const made = await page.request.post(`${api(slug)}/api-keys`, {
    data: { name, role: "developer" },
    headers: { "x-directory-sync": "e2e" },
  });
  return ((await made.json()) as { token: string }).token;
}

test("changes come live, wait while one is read, and tell what they changed", async ({ page, service }) => {
  // The request of a fresh change may be asked for before the log has it.
  mayComplain(page, /404/);
  const slug = freshSlug("changes");
  service.tenant("Changes Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "entra"), "Microsoft-Entra-ID");
  await signIn(page);
  await page.goto(`/t/${slug}/changes`);
  await expect(page.getByText("No change yet")).toBeVisible();
  await expectAccessible(page);

  const ada = await idp.person("ada@changes.test", { displayName: "Ada Byron", title: "Engineer" });
  await expect(row(page, "Entra created Ada Byron")).toBeVisible();
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "title", value: "Lead engineer" }]);
  await expect(row(page, "Entra changed Ada Byron")).toBeVisible();
  await expect(rows(page)).toHaveCount(2);

  await row(page, "Entra changed").getByRole("link").click();
  await expect(page).toHaveURL(/sel=2/);
  const panel = page.getByRole("complementary", { name: "Change 2" });
  await expect(panel.getByRole("heading", { name: "Change 2" })).toBeFocused();
  await expect(panel.getByRole("table")).toContainText("Engineer");
  await expect(panel.getByRole("table")).toContainText("Lead engineer");
  await expectAccessible(page);

  // What comes now waits, so that nothing moves under who reads.
  await idp.group("Leads", [ada]);
  const fresh = page.getByRole("button", { name: /^[12] new$/ });
  await expect(fresh).toBeVisible();
  await expect(row(page, "Leads")).toHaveCount(0);
  await fresh.click();
  await expect(row(page, /group Leads/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/changes$`));

  await row(page, /Leads/).first().getByRole("link").click();
  await expect(panelOf(page).getByRole("link", { name: "Ada Byron" }).first()).toBeVisible();
  await panelOf(page).getByRole("link", { name: "Open in the sync log" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/log/`));
  await expect(
    page
      .getByText(/^POST .*\/Groups/)
      .locator("visible=true")
      .first(),
  ).toBeVisible();
});

test("the list is narrowed by type, kind and person, and the address keeps it", async ({ page, service }) => {
  const slug = freshSlug("narrowed");
  service.tenant("Narrowed Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  const ada = await idp.person("ada@narrowed.test", { displayName: "Ada" });
  await idp.person("max@narrowed.test", { displayName: "Max" });
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "active", value: false }]);
  await idp.group("Staff", []);
  await signIn(page);
  await page.goto(`/t/${slug}/changes`);
  await expect(rows(page)).toHaveCount(4);
  await page.getByLabel("Type", { exact: true }).selectOption("user.deactivated");
  await expect(rows(page)).toHaveCount(1);
  await expect(page).toHaveURL(/type=user\.deactivated/);
  await page.reload();
  await expect(row(page, /deactivated Ada/)).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(4);
  await page.getByLabel("Of", { exact: true }).selectOption("Group");
  await expect(rows(page)).toHaveCount(1);
  await page.goto(`/t/${slug}/changes?resource=${ada}`);
  await expect(rows(page)).toHaveCount(2);
  await page.goto(`/t/${slug}/changes?type=group.deleted`);
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Clear Type: group.deleted" }).click();
  await expect(rows(page)).toHaveCount(4);
});

test("a change is asked for by the copied call, and who has applied it is told", async ({ page, service }) => {
  const slug = freshSlug("applied");
  service.tenant("Applied Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  for (const name of ["ada", "max"]) await idp.person(`${name}@applied.test`, { displayName: name });
  await signIn(page);
  const key = await keyOf(page, slug, "Billing");
  await noteCopies(page);
  await page.goto(`/t/${slug}/changes?sel=2`);
  await expect(page.getByText("No app has said yet what it has applied.")).toBeVisible();
  await panelOf(page).getByRole("button", { name: "Copy as curl" }).click();
  await expect(panelOf(page).getByRole("button", { name: "Copied" })).toBeVisible();
  const call = await copied(page);
  const env = { PATH: process.env.PATH, DIRECTORY_SYNC_KEY: key };
  const { items } = JSON.parse(execFileSync("sh", ["-c", call], { env, encoding: "utf8" })) as {
    items: { seq: number }[];
  };
  expect(items.map(({ seq }) => seq)).toEqual([2]);

  const acknowledge = (seq: number) =>
    fetch(`${service.url}/api/v1/tenants/${slug}/changes/acknowledgements`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ seq }),
    });
  expect((await acknowledge(1)).ok).toBe(true);
  await expect(panelOf(page).getByText("Billing has not confirmed it yet")).toBeVisible();
  expect((await acknowledge(2)).ok).toBe(true);
  await expect(panelOf(page).getByText("Billing has it")).toBeVisible();
  await expect(page.getByText("1 reader is in step")).toBeVisible();
  await page.getByRole("button", { name: "Readers and times" }).click();
  const dialog = page.getByRole("dialog", { name: "Your app and the changes" });
  await expect(dialog.getByText("2 of 2")).toBeVisible();
  await expectAccessible(page);
});

test("the programs of the developers' page begin with a snapshot and follow the changes", async ({ page, service }) => {
  const slug = freshSlug("follow");
  service.tenant("Follow Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  for (const name of ["ada", "max"]) await idp.person(`${name}@follow.test`, { displayName: name });
  await signIn(page);
  const key = await keyOf(page, slug, "Mirror");
  await page.goto(`/t/${slug}/developers`);
  // The list of keys moves what stands below it as it comes.
  await expect(page.getByRole("button", { name: "Actions for “Mirror”" })).toBeVisible();
  const env = { PATH: process.env.PATH, DIRECTORY_SYNC_KEY: key };
  const shown = async (topic: string, language: string) => {
    await page.getByLabel("What the program does").selectOption(topic);
    await page.getByRole("radio", { name: language }).check({ force: true });
    return page
      .getByRole("figure", { name: `Example: ${language}` })
      .locator("pre")
      .innerText();
  };
  const snapshot = execFileSync("python3", ["-c", await shown("snapshot", "Python")], { env, encoding: "utf8" });
  expect(snapshot).toContain("follow the changes after 2");
  expect(snapshot).toContain("max@follow.test");
  // It follows for ever, so it is ended once it has said that it has all.
  const following = spawn("python3", ["-c", await shown("follow", "Python")], { env });
  let output = "";
  following.stdout.on("data", (part) => {
    output += part;
  });
  const applied = async () => {
    const answer = await page.request.get(`${api(slug)}/changes/acknowledgements`);
    return ((await answer.json()) as { readers: { seq: number }[] }).readers[0]?.seq;
  };
  await expect.poll(applied, { timeout: 30_000 }).toBe(2);
  await expect.poll(() => output.match(/user\.created/g) ?? []).toHaveLength(2);
  following.kill();
});

test("a viewer has no page of the changes", async ({ page, service }) => {
  const slug = freshSlug("viewer");
  service.tenant("Viewer Ltd", slug);
  const email = `${slug}@viewer.test`;
  service.admin(email, "Vera Viewer", PASSWORD, { tenant: slug, role: "viewer" });
  mayComplain(page, /40[34]/);
  await signIn(page, email);
  for (const screen of ["changes", "webhooks", "access"]) {
    await page.goto(`/t/${slug}/${screen}`);
    await expect(page.getByText("This page does not exist, or you may not see it").first(), screen).toBeVisible();
  }
  await expect(page.getByRole("link", { name: "Webhooks" })).toHaveCount(0);
});
