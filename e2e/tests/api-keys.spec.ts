/** A program's key: issued, used by programs as the page shows it, revoked. */
import { execFileSync } from "node:child_process";
import { expect, expectAccessible, freshSlug, idpOf, PASSWORD, signIn, test } from "../support/test";

test("a developer issues a key, the examples run with it, and a revoked key opens nothing", async ({
  page,
  service,
}) => {
  const slug = freshSlug("keys");
  service.tenant("Keys Ltd", slug);
  const email = `${slug}@keys.test`;
  service.admin(email, "Dev Eloper", PASSWORD, { tenant: slug, role: "developer" });
  const idp = idpOf(service, slug, service.token(slug));
  for (const name of ["ada", "max", "emmy"]) await idp.person(`${name}@keys.test`, { displayName: name });
  await signIn(page, email);
  await page.goto(`/t/${slug}/developers`);
  await expect(page.getByText("No API key yet")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New API key" }).click();
  const form = page.getByRole("dialog");
  // No role that reaches further than one's own is offered.
  await expect(form.getByRole("radio", { name: /^Admin/ })).toHaveCount(0);
  await form.getByLabel("Name").fill("Report");
  await form.getByRole("button", { name: "Create API key" }).click();
  const secret = page.getByRole("dialog", { name: "API key “Report”" });
  const key = await secret.getByRole("textbox", { name: "API key" }).inputValue();
  await expectAccessible(page);
  await secret.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByText("Not used yet")).toBeVisible();

  const env = { PATH: process.env.PATH, DIRECTORY_SYNC_KEY: key };
  const shown = async (language: string) => {
    await page.locator("label", { hasText: language }).click();
    return page
      .getByRole("figure", { name: `Example: ${language}` })
      .locator("pre")
      .innerText();
  };
  expect(execFileSync("sh", ["-c", await shown("curl")], { env, encoding: "utf8" })).toContain("ada@keys.test");
  expect(execFileSync("python3", ["-c", await shown("Python")], { env, encoding: "utf8" })).toContain("max@keys.test");
  // Node of this age takes no types, so the program runs without them.
  const program = (await shown("TypeScript"))
    .replace(/^type .*\n/gm, "")
    .replace(/: string \| undefined| as Page/g, "");
  const run = execFileSync("node", ["--input-type=module", "-e", program], { env, encoding: "utf8" });
  expect(run).toContain("emmy@keys.test");

  const call = () =>
    fetch(`${service.url}/api/v1/tenants/${slug}/users`, { headers: { authorization: `Bearer ${key}` } });
  expect((await call()).status).toBe(200);
  await page.reload();
  await page.getByRole("button", { name: "Actions for “Report”" }).click();
  await page.getByRole("menuitem", { name: "Revoke key" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Revoke “Report”?" });
  // A key that was used just now asks for its name.
  await dialog.getByLabel(/^Type/).fill("Report");
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Revoked", { exact: true })).toBeVisible();
  expect((await call()).status).toBe(401);
});
