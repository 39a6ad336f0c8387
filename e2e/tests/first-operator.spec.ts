/** From nothing to the first person: the link that the service prints, a tenant, a token, an IdP. */

import { Service } from "../support/service";
import { expect, expectAccessible, idpOf, mayComplain, test } from "../support/test";

test("a newcomer becomes the operator and watches the first person arrive", async ({ page }) => {
  const service = await Service.start();
  try {
    const line = await service.line("/welcome#");
    const link = line.slice(line.indexOf("http"));
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
    await page.getByLabel("Your name").fill("Olga Operator");
    await page.getByLabel("E-mail").fill("olga@example.com");
    await page.getByLabel("Password").fill("short");
    await page.getByLabel("Password").blur();
    await expect(page.getByText(/12 characters/).first()).toBeVisible();
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Create operator" }).click();

    await expect(page).toHaveURL(/\/operator\/tenants$/);
    await expect(page.getByRole("heading", { level: 1, name: "Tenants" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "New tenant" }).first().click();
    await page.getByLabel("Company name").fill("Acme Corp");
    await expect(page.getByRole("textbox", { name: "Short name" })).toHaveValue("acme-corp");
    await expectAccessible(page);
    await page.getByRole("dialog").getByRole("button", { name: "Create tenant" }).click();

    const next = page.getByRole("dialog", { name: /“Acme Corp” is there/ });
    await expect(next.getByRole("radio", { name: /Invite its first admin/ })).toBeChecked();
    await expectAccessible(page);
    await next.getByLabel("E-mail").fill("grace@acme.test");
    await next.getByLabel("Name").fill("Grace");
    await next.getByRole("button", { name: "Invite" }).click();
    const invited = page.getByRole("dialog", { name: "Invitation of grace@acme.test" });
    await expect(invited.getByRole("textbox", { name: "Link" })).toHaveValue(/\/invite#/);
    await expectAccessible(page);
    await invited.getByRole("button", { name: "I have copied it" }).click();

    await expect(page).toHaveURL(/\/t\/acme-corp$/);
    await expect(page.getByText("Not connected").first()).toBeVisible();
    await expectAccessible(page);

    const token = service.token("acme-corp", "entra");
    await idpOf(service, "acme-corp", token).person("ada@acme.test", { displayName: "Ada Byron" });
    await expect(page.getByText("Working").first()).toBeVisible();
    await expect(page.getByText(/Ada Byron/).first()).toBeVisible();
    await expectAccessible(page);

    mayComplain(page, /410/);
    await page.goto(link);
    await page.reload();
    await expect(page.getByText(/used|expired/i).first()).toBeVisible();
  } finally {
    await service.remove();
  }
});
