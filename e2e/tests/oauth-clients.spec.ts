/** An OAuth client's life: made in the console, used at the token endpoint, its secret renewed, the old one refused. */
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, freshSlug, idpOf, PASSWORD, signIn, test } from "../support/test";

type Shown = { tokenUrl: string; clientId: string; secret: string };

async function readShown(dialog: Locator): Promise<Shown> {
  const value = (name: string) => dialog.getByRole("textbox", { name }).inputValue();
  return {
    tokenUrl: await value("Token URL"),
    clientId: await value("Client ID"),
    secret: await value("Client secret"),
  };
}

async function askToken({ tokenUrl, clientId, secret }: Shown) {
  const answer = await fetch(tokenUrl, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return { status: answer.status, body: (await answer.json()) as { access_token?: string; expires_in?: number } };
}

const openClient = async (page: Page, name: string) => {
  await page.getByRole("button", { name: `Actions for “${name}”` }).click();
  await page.getByRole("menuitem", { name: "Secrets and keys" }).click();
  return page.getByRole("dialog", { name: `Secrets and keys of “${name}”` });
};

test("a client is made, gets access tokens, and moves over to a second secret", async ({ page, service }) => {
  const slug = freshSlug("oauth");
  service.tenant("Token Ltd", slug);
  await signIn(page);
  const read: string[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("/api/v1/") && response.request().method() === "GET") {
      read.push(await response.text().catch(() => ""));
    }
  });
  await page.goto(`/t/${slug}/credentials?new=1`);
  const form = page.getByRole("dialog", { name: "New credential" });
  await form.getByRole("textbox", { name: "Name" }).fill("Entra sync");
  await form.getByText(/^OAuth client/).click();
  await expect(form.getByRole("radiogroup", { name: "End of the secret" })).toBeVisible();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Create credential" }).click();

  const made = page.getByRole("dialog", { name: "OAuth client “Entra sync”" });
  const first = await readShown(made);
  expect(first.tokenUrl).toBe(`${service.url}/oauth/${slug}/token`);
  expect(first.clientId).toMatch(/^dsc_[0-9A-Za-z]{12}$/);
  expect(first.secret).toMatch(/^dss_[0-9A-Za-z]{12}_[0-9A-Za-z]{39}$/);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByText(/client secret cannot be shown again/)).toBeVisible();
  await page.getByRole("button", { name: "Keep open" }).click();
  await made.getByRole("button", { name: "I have stored it" }).click();
  await expect(made).toBeHidden();
  await expect(page.getByRole("table").getByText("OAuth client")).toBeVisible();
  await expect(page.getByRole("table").getByText(first.clientId).first()).toBeAttached();

  const token = await askToken(first);
  expect(token.status).toBe(200);
  expect((await idpOf(service, slug, token.body.access_token ?? "").send("GET", "/Users")).status).toBe(200);

  const client = await openClient(page, "Entra sync");
  await expect(client.getByText(/last used/)).toBeVisible();
  await expect(client.getByText("1 hour", { exact: true })).toBeVisible();
  await client.getByRole("button", { name: "Change life" }).click();
  const life = page.getByRole("dialog", { name: "Life of access tokens of “Entra sync”" });
  await expect(life.getByRole("button", { name: "Save" })).toBeDisabled();
  await expectAccessible(page);
  await life.getByLabel("Access tokens live").selectOption("2 hours");
  await life.getByRole("button", { name: "Save" }).click();
  await expect(life).toBeHidden();
  await expect(client.getByText("2 hours", { exact: true })).toBeVisible();
  expect((await askToken(first)).body.expires_in).toBe(7_200);
  await expectAccessible(page);
  await client.getByRole("button", { name: "Issue secret" }).click();
  const issue = page.getByRole("dialog", { name: "Issue a secret of “Entra sync”" });
  await expectAccessible(page);
  await issue.getByRole("button", { name: "Issue secret" }).click();
  const second = await readShown(made);
  await expectAccessible(page);
  // The guard holds over the dialog beneath too.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Keep open" }).click();
  await made.getByRole("button", { name: "I have stored it" }).click();
  await expect(made).toBeHidden();
  await expect(client.getByRole("listitem")).toHaveCount(2);

  await client
    .getByRole("listitem")
    .first()
    .getByRole("button", { name: /^Revoke secret dss_/ })
    .click();
  const question = page.getByRole("alertdialog");
  await expectAccessible(page);
  await expect(question.getByRole("button", { name: "Revoke secret" })).toBeDisabled();
  await question.getByRole("textbox").fill("Entra sync");
  await question.getByRole("button", { name: "Revoke secret" }).click();
  await expect(question).toBeHidden();
  await expect(client.getByText("Revoked", { exact: true })).toBeVisible();
  await expectAccessible(page);

  expect((await askToken(first)).status).toBe(401);
  expect((await idpOf(service, slug, token.body.access_token ?? "").send("GET", "/Users")).status).toBe(401);
  expect((await askToken(second)).status).toBe(200);

  for (const secret of [first.secret.slice(17), second.secret.slice(17)]) {
    expect(await page.content()).not.toContain(secret);
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
    expect(kept).not.toContain(secret);
    expect(read.join("\n")).not.toContain(secret);
  }
});

test("the end of a client's secret stands above the page and leads to where another is issued", async ({
  page,
  service,
}) => {
  const slug = freshSlug("ending");
  service.tenant("Ending Ltd", slug);
  service.admin(`admin@${slug}.test`, "Ada Admin", PASSWORD, { tenant: slug, role: "admin" });
  await signIn(page, `admin@${slug}.test`);
  const post = async (path: string, data: object) => {
    const answer = await page.request.post(`/api/v1/tenants/${slug}${path}`, {
      data,
      headers: { "x-directory-sync": "e2e" },
    });
    expect(answer.status()).toBe(201);
    return (await answer.json()) as { id?: string };
  };
  const { id: connectionId } = await post("/connections", { name: "Entra", idp: "entra" });
  await post("/oauth-clients", { connectionId, name: "Entra sync", rights: "scim", secretLifetimeDays: 5 });
  await page.goto(`/t/${slug}`);
  await expect(page.getByText(/A client secret of “Entra sync” ends in [45] days/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to its secrets" }).click();
  const client = page.getByRole("dialog", { name: "Secrets and keys of “Entra sync”" });
  await client.getByRole("button", { name: "Issue secret" }).click();
  await page
    .getByRole("dialog", { name: "Issue a secret of “Entra sync”" })
    .getByRole("button", { name: "Issue secret" })
    .click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await client
    .getByRole("listitem")
    .first()
    .getByRole("button", { name: /^Revoke secret dss_/ })
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke secret" }).click();
  await expect(client.getByText("Revoked", { exact: true })).toBeVisible();
  await client.getByRole("button", { name: "Close", exact: true }).first().click();
  await expect(client).toBeHidden();
  await expect(page).not.toHaveURL(/client=/);
  await expect(page.getByText(/A client secret of/)).toHaveCount(0);
});

test("a client of signatures has no secret; its keys are shown, changed and removed", async ({ page, service }) => {
  const slug = freshSlug("signed");
  service.tenant("Signed Ltd", slug);
  await signIn(page);
  await page.goto(`/t/${slug}/credentials?new=1`);
  const form = page.getByRole("dialog", { name: "New credential" });
  await form.getByRole("textbox", { name: "Name" }).fill("Federated");
  await form.getByText(/^OAuth client/).click();
  await form.getByText(/^Signed assertions/).click();
  await form.getByRole("textbox", { name: "Issuer" }).fill("https://issuer.example.com/");
  await form.getByText(/^Pasted here/).click();
  await form.getByRole("textbox", { name: /^Key set/ }).fill("no keys");
  await form.getByRole("button", { name: "Create credential" }).click();
  await expect(form.getByText("This is not JSON.")).toBeVisible();
  await expectAccessible(page);
  await form
    .getByRole("textbox", { name: /^Key set/ })
    .fill('{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}');
  await form.getByRole("button", { name: "Create credential" }).click();

  const made = page.getByRole("dialog", { name: "OAuth client “Federated”" });
  await expect(made.getByRole("textbox", { name: "Token URL" })).toBeVisible();
  await expect(made.getByRole("textbox", { name: "Client secret" })).toHaveCount(0);
  await made.getByRole("button", { name: "Done" }).click();

  const client = await openClient(page, "Federated");
  await expect(client.getByText("https://issuer.example.com/")).toBeVisible();
  await expect(client.getByText("1 pasted key")).toBeVisible();
  await expectAccessible(page);
  await client.getByRole("button", { name: "Change", exact: true }).click();
  const change = page.getByRole("dialog", { name: "Whose signatures prove “Federated”" });
  await change.getByRole("textbox", { name: "Subject" }).fill("sync-app");
  await expectAccessible(page);
  await change.getByRole("button", { name: "Save" }).click();
  await expect(client.getByText("sync-app")).toBeVisible();
  await client.getByRole("button", { name: "Change life" }).click();
  const life = page.getByRole("dialog", { name: "Life of access tokens of “Federated”" });
  await life.getByLabel("Access tokens live").selectOption("6 hours");
  await life.getByRole("button", { name: "Save" }).click();
  await expect(client.getByText("6 hours", { exact: true })).toBeVisible();
  await expect(client.getByText("1 pasted key"), "the signatures stay").toBeVisible();
  await client.getByRole("button", { name: "Remove" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question.getByText(/Nothing else proves this client/)).toBeVisible();
  await expectAccessible(page);
  await question.getByRole("button", { name: "Remove signatures" }).click();
  await expect(client.getByText("Nothing proves this client yet.", { exact: false })).toBeVisible();
  await expect(client.getByRole("button", { name: "Trust signatures" })).toBeVisible();
});
