/** Each guide is walked while its IdP's conversation plays: a wrong token is named first, then every check ticks. */
import type { Locator, Page } from "@playwright/test";
import { play } from "../support/conversation";
import { expect, expectAccessible, freshSlug, mayComplain, signIn, test, watch } from "../support/test";

const idps = [
  ["entra", "Microsoft Entra ID", "Secret Token"],
  ["okta", "Okta", "API Token"],
  ["onelogin", "OneLogin", "SCIM Bearer Token"],
  ["jumpcloud", "JumpCloud", "Token Key"],
  ["other", "another SCIM client", "Bearer token"],
] as const;

const ask = (base: string, token: string) =>
  fetch(`${base}/Users?count=1`, { headers: { authorization: `Bearer ${token}` } });

/** A token that lost its end on the way. */
const cutOff = (token: string) => token.slice(0, -1);

/** The guide's own walk: from its second step on, wherever it stands. */
async function walk(page: Page, idp: string, field: string, base: string, foreign: string) {
  const listening = page.getByRole("region", { name: "We are listening" });
  const check = (state: string): Locator => listening.locator(`.check[data-state="${state}"]`);
  await expect(listening.getByText("Live")).toBeVisible();
  await expect(check("waiting")).toHaveCount(8);
  await page.getByRole("button", { name: "Issue a token" }).click();
  const token = await page.getByRole("textbox", { name: field, exact: true }).inputValue();
  expect(token).toMatch(/^dsk_/);
  await expectAccessible(page);

  expect((await ask(base, foreign)).status).toBe(401);
  await expect(listening.getByText("Token not accepted").first()).toBeVisible();
  const [came, ours] = [foreign.slice(0, 8), token.slice(0, 8)];
  await expect(listening.getByText(`It starts with ${came}; yours start with ${ours}`)).toBeVisible();
  await expect(listening.getByText(`into “${field}” again`)).toBeVisible();
  expect((await ask(base, cutOff(token))).status).toBe(401);
  await expect(listening.getByText(`It starts with ${ours} as it should, but it is not whole`)).toBeVisible();
  expect((await ask(base, "not-from-here")).status).toBe(401);
  await expect(listening.getByText("What came is none of our tokens")).toBeVisible();
  expect((await ask(base, `Bearer ${token}`)).status).toBe(401);
  await expect(listening.getByText("The word Bearer came twice")).toBeVisible();
  await expectAccessible(page);

  await play(idp, base, token);
  await expect(check("waiting")).toHaveCount(0);
  await expect(check("wrong")).toHaveCount(0);
  await expect(listening.locator('.check:is([data-state="done"], [data-state="fits"])')).toHaveCount(8);
  await expectAccessible(page);
  return token;
}

for (const [idp, name, field] of idps) {
  test(`${name}: a wrong token is named, then every check ticks`, async ({ page, service }) => {
    const slug = freshSlug(idp);
    service.tenant("Guided Ltd", slug);
    await signIn(page);
    await page.goto(`/t/${slug}`);
    await page.getByRole("link", { name: "Set up" }).last().click();
    await expect(page.getByRole("heading", { level: 1, name: "Set up" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: new RegExp(`^Set up ${name}`) }).click();
    await expect(page).toHaveURL(new RegExp(`/t/${slug}/setup/${idp}$`));
    await page.getByRole("button", { name: new RegExp(`^Set up ${name}`) }).click();
    if (idp !== "other") await page.getByRole("button", { name: "Next" }).click();
    const base = `${service.url}/scim/${slug}/v2`;
    if (idp === "entra") {
      await page.getByRole("button", { name: "Check our side" }).click();
      await expect(page.getByText("The Authorization header comes through.")).toBeVisible();
      await expect(page.getByText("It is reached without TLS: tokens travel in clear.")).toBeVisible();
      await expect(page.getByText("The content type is SCIM's.")).toBeVisible();
    }
    service.tenant("Elsewhere Ltd", `${slug}-else`);
    const token = await walk(page, idp, field, base, service.token(`${slug}-else`));

    await page.reload();
    await expect(page.locator('.check[data-state="waiting"]')).toHaveCount(0);
    expect(await page.content()).not.toContain(token);
    await page.getByRole("link", { name: /Show the request.*First person/ }).click();
    await expect(page).toHaveURL(new RegExp(`/t/${slug}/log/`));
    await page.goBack();
    await page.getByRole("button", { name: "Listen anew" }).click();
    await expect(page).toHaveURL(/since=/);
    await expect(page.locator('.check[data-state="waiting"]')).toHaveCount(8);
    await ask(base, token);
    await expect(page.locator('.check[data-state="done"]').first()).toBeVisible();
    await page.goto(`/t/${slug}`);
    await expect(page.getByText("Working").first()).toBeVisible();
  });
}

test("Entra with an OAuth client in place: it is made in the guide, a wrong secret is named, and every check ticks", async ({
  page,
  service,
}) => {
  const slug = freshSlug("oauth");
  service.tenant("Guided Ltd", slug);
  await signIn(page);
  await page.goto(`/t/${slug}/setup/entra`);
  await page.getByRole("button", { name: "Set up Microsoft Entra ID" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("radio", { name: "OAuth client" }).check({ force: true });
  await expect(page.getByText("Token Endpoint, Client Identifier, Client Secret, Scope")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make an OAuth client" }).click();
  const field = (name: string) => page.getByRole("textbox", { name, exact: true }).inputValue();
  const [endpoint, id, secret] = [
    await field("Token Endpoint"),
    await field("Client Identifier"),
    await field("Client Secret"),
  ];
  expect([endpoint, await field("Scope")]).toEqual([`${service.url}/oauth/${slug}/token`, "scim"]);
  expect([id, secret]).toEqual([expect.stringMatching(/^dsc_/), expect.stringMatching(/^dss_/)]);
  await expectAccessible(page);

  const listening = page.getByRole("region", { name: "We are listening" });
  const request = (client_secret: string) => {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret, scope: "scim" });
    return fetch(endpoint, { method: "POST", body });
  };
  expect((await request(cutOff(secret))).ok).toBe(false);
  await expect(listening.getByText(`The secret that came is none of ${id} that works`)).toBeVisible();
  await expect(listening.getByText("paste the secret into “Client Secret” again")).toBeVisible();
  await expectAccessible(page);
  const { access_token: token } = (await (await request(secret)).json()) as { access_token: string };
  await play("entra", `${service.url}/scim/${slug}/v2`, token);
  const check = (state: string) => listening.locator(`.check[data-state="${state}"]`);
  await expect(check("waiting")).toHaveCount(0);
  await expect(check("wrong")).toHaveCount(0);

  await page.reload();
  await expect(page.getByText(`OAuth clients of this connection that work now: ${id}`)).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole("button", { name: "Issue another secret" }).click();
  expect(await field("Client Identifier")).toBe(id);
  expect(await field("Client Secret")).not.toBe(secret);
  expect((await request(secret)).ok, "the one before stays good").toBe(true);
});

test("a set-up link's holder finishes the guide without an account, and is out when it is revoked", async ({
  page,
  service,
  browser,
}) => {
  const slug = freshSlug("holder");
  service.tenant("Acme Corp", slug);
  await signIn(page);
  await page.goto(`/t/${slug}/setup/entra`);
  await page.getByRole("button", { name: "Set up Microsoft Entra ID" }).click();
  await page.getByRole("button", { name: "Send as set-up link" }).click();
  const dialog = page.getByRole("dialog", { name: "Send as set-up link" });
  await dialog.getByRole("textbox", { name: "For whom" }).fill("Max at Acme");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.goto(`/t/${slug}/credentials`);
  const row = page.getByRole("region", { name: "Set-up links" }).getByRole("listitem");
  await expect(row).toContainText("Max at Acme");
  await expect(row).toContainText("Not opened");

  const visitor = await browser.newContext();
  const guide = await visitor.newPage();
  const complaints = watch(guide);
  await guide.goto(link);
  await expect(guide.getByRole("heading", { level: 1, name: "Connect Acme Corp" })).toBeVisible();
  await expect(guide).toHaveURL(/\/setup$/);
  await expect(guide.getByRole("navigation")).toHaveCount(0);
  await expectAccessible(guide);
  await guide.getByRole("button", { name: "Next" }).click();
  await guide.getByRole("radio", { name: "OAuth client" }).check({ force: true });
  await guide.getByRole("button", { name: "Make an OAuth client" }).click();
  await expect(guide.getByRole("textbox", { name: "Client Secret", exact: true })).toHaveValue(/^dss_/);
  await expectAccessible(guide);
  // They have changed their mind: the token takes the client's place.
  await guide.getByRole("radio", { name: "Token", exact: true }).check({ force: true });
  await expect(guide.getByText(/ends when something new is issued/)).toBeVisible();
  service.tenant("Elsewhere Ltd", `${slug}-else`);
  const foreign = service.token(`${slug}-else`);
  await walk(guide, "entra", "Secret Token", `${service.url}/scim/${slug}/v2`, foreign);
  await expect(guide.getByRole("link", { name: /Show the request/ })).toHaveCount(0);
  await guide.getByRole("button", { name: "I am done" }).click();
  await expect(guide.getByText("You said that all is done.")).toBeVisible();
  await guide.reload();
  await expect(guide.getByRole("heading", { level: 1, name: "Connect Acme Corp" })).toBeVisible();
  expect(complaints).toEqual([]);

  await expect(row).toContainText("Finished");
  await expectAccessible(page);
  const second = await browser.newContext();
  const stranger = await second.newPage();
  await stranger.goto(link);
  await expect(stranger.getByText("This link cannot be used")).toBeVisible();
  await expectAccessible(stranger);
  for (const address of [`/t/${slug}`, `/t/${slug}/credentials`, `/t/${slug}/setup/entra`, "/"]) {
    await guide.goto(`${service.url}${address}`);
    await expect(guide.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  }

  await row.getByRole("button", { name: "Revoke" }).click();
  await expectAccessible(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke link" }).click();
  await expect(row).toContainText("Revoked");
  await guide.goto(`${service.url}/setup`);
  await expect(guide.getByText("This link cannot be used")).toBeVisible();
  await visitor.close();
  await second.close();
});

test("a viewer sees no guide, by menu or by address", async ({ page, service }) => {
  const slug = freshSlug("viewer");
  service.tenant("Viewed Ltd", slug);
  service.admin(`viewer@${slug}.test`, "Vera Viewer", "correct horse battery", { tenant: slug, role: "viewer" });
  await signIn(page, `viewer@${slug}.test`);
  mayComplain(page, /40[34]/);
  for (const address of [`/t/${slug}/setup`, `/t/${slug}/setup/okta`]) {
    await page.goto(address);
    await expect(page.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
  }
  await expect(page.getByRole("link", { name: "Set up" })).toHaveCount(0);
});
