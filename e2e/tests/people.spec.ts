/** People of the console: invited, given roles, helped with a password, shown out. */
import type { Browser, Page } from "@playwright/test";
import { expect, expectAccessible, freshSlug, mayComplain, OPERATOR, PASSWORD, signIn, test } from "../support/test";

/** A page in a browser of its own. */
async function elsewhere(browser: Browser, baseURL: string): Promise<Page> {
  return (await browser.newContext({ baseURL })).newPage();
}

/** Takes the link out of the dialog that shows it this one time, and closes the dialog. */
async function takeLink(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog");
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await expect(dialog).toHaveCount(0);
  return link;
}

test("an operator invites a tenant's first admin, who accepts and enters", async ({ page, service, browser }) => {
  const slug = freshSlug("invited");
  service.tenant("Invited Ltd", slug);
  await signIn(page);
  await page.goto(`/t/${slug}/settings`);
  // The cards are drawn as their texts and lists come, and move what stands below them.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("E-mail").fill(`${slug}@invited.test`);
  await form.getByLabel("Name").fill("Ines Invited");
  await form.getByRole("radio", { name: /^Admin/ }).check({ force: true });
  await expectAccessible(page);
  await form.getByRole("button", { name: "Invite" }).click();
  // The link goes only by the word that it is kept.
  await expect(page.getByRole("textbox", { name: "Link" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alert")).toContainText("cannot be shown again");
  await page.getByRole("button", { name: "Keep open" }).click();
  const link = await takeLink(page);
  await expect(page.getByText("Invited, not here yet")).toBeVisible();

  const guest = await elsewhere(browser, service.url);
  await guest.goto(link);
  await expect(guest.getByText(`${OPERATOR} invites you to Invited Ltd.`)).toBeVisible();
  await expect(guest.getByText(slug, { exact: true })).toBeVisible();
  expect(guest.url()).not.toContain("#");
  await expectAccessible(guest);
  await guest.getByLabel("Password").fill("short");
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest.getByText("Shorter than 12 characters.")).toBeVisible();
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest).toHaveURL(new RegExp(`/t/${slug}$`));
  await expect(guest.getByRole("link", { name: "Credentials" })).toBeVisible();

  const again = await elsewhere(browser, service.url);
  await again.goto(link);
  await expect(again.getByText("This link cannot be used")).toBeVisible();
  await page.reload();
  await expect(page.getByText(`${slug}@invited.test`)).toBeVisible();
  await expect(page.getByText("Invited, not here yet")).toHaveCount(0);
});

test("an invitation is made anew and taken back, and the links before are void", async ({ page, service, browser }) => {
  const slug = freshSlug("renewed");
  service.tenant("Renewed Ltd", slug);
  await signIn(page);
  const email = `${slug}@renewed.test`;
  const made = await page.request.post(`/api/v1/tenants/${slug}/invitations`, {
    data: { email, name: "Rhea Renewed", role: "viewer" },
    headers: { "x-directory-sync": "e2e" },
  });
  const { link: first } = (await made.json()) as { link: string };
  await page.goto(`/t/${slug}/settings`);
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: `Make a new link for ${email}` }).click();
  const second = await takeLink(page);
  const guest = await elsewhere(browser, service.url);
  await guest.goto(first);
  await expect(guest.getByText("This link cannot be used")).toBeVisible();
  // Another link in the same window, without the page being loaded anew.
  await guest.goto(second);
  await expect(guest.getByRole("button", { name: "Accept invitation" })).toBeVisible();
  await page.getByRole("button", { name: `Take back the invitation of ${email}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Take back invitation" }).click();
  await expect(page.getByText("Invited, not here yet")).toHaveCount(0);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest.getByText("This link has been used or has expired.")).toBeVisible();
});

test("somebody known signs in to join, after who was signed in has signed out", async ({ page, service }) => {
  const [one, two] = [freshSlug("first"), freshSlug("second")];
  service.tenant("First Ltd", one);
  service.tenant("Second Ltd", two);
  const email = `${one}@known.test`;
  service.admin(email, "Kim Known", PASSWORD, { tenant: one, role: "viewer" });
  mayComplain(page, /401/);
  await signIn(page);
  const made = await page.request.post(`/api/v1/tenants/${two}/invitations`, {
    data: { email, name: "Kim", role: "developer" },
    headers: { "x-directory-sync": "e2e" },
  });
  const { link } = (await made.json()) as { link: string };
  await page.goto(link);
  await expect(page.getByText(`You are signed in as ${OPERATOR}`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You have an account here.")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${two}$`));
  await page.goto(`/t/${two}/developers`);
  await expect(page.getByRole("heading", { name: "Developers" })).toBeVisible();
  await page.goto(`/t/${one}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a role is changed, then taken away, while the person is at work", async ({ page, service, browser }) => {
  const slug = freshSlug("shown-out");
  service.tenant("Shown Out Ltd", slug);
  service.admin(`${slug}@out.test`, "Otto Out", PASSWORD, { tenant: slug, role: "viewer" });
  const guest = await elsewhere(browser, service.url);
  await signIn(guest, `${slug}@out.test`);
  await guest.goto(`/t/${slug}/log`);
  await expect(guest.getByRole("heading", { level: 1, name: "Sync log" })).toBeVisible();

  await signIn(page);
  await page.goto(`/t/${slug}/settings`);
  await page.getByLabel("Role of Otto Out").selectOption("developer");
  await expect(page.getByText("Otto Out is Developer now.")).toBeVisible();
  await expect(page.getByLabel("Role of Otto Out")).toHaveValue("developer");
  await guest.reload();
  await expect(guest.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
  await guest.goto(`/t/${slug}/users`);
  await expect(guest.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();

  await page.getByRole("button", { name: "Remove Otto Out" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Remove Otto Out from Shown Out Ltd?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Remove from tenant" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Nobody has a role here yet.")).toBeVisible();
  await guest.reload();
  await expect(guest.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
});

test("a forgotten password is replaced by an operator's link, which ends all sessions", async ({
  page,
  service,
  browser,
}) => {
  const slug = freshSlug("forgetful");
  service.tenant("Forgetful Ltd", slug);
  const email = `${slug}@forget.test`;
  service.admin(email, `Fred ${slug}`, PASSWORD, { tenant: slug, role: "viewer" });
  const inside = await elsewhere(browser, service.url);
  await signIn(inside, email);
  const guest = await elsewhere(browser, service.url);
  await guest.goto("/login");
  await guest.getByRole("button", { name: "Forgot your password?" }).click();
  // This service sends no mail.
  await expect(guest.getByText("Ask an operator of the service")).toBeVisible();

  await signIn(page);
  await page.goto("/operator/admins");
  await page.getByRole("button", { name: `Actions for Fred ${slug}` }).click();
  await page.getByRole("menuitem", { name: "Password link" }).click();
  await page.getByRole("button", { name: "Make link" }).click();
  await expect(page.getByRole("dialog", { name: `Password link for Fred ${slug}` })).toBeVisible();
  const link = await takeLink(page);

  await guest.goto(link);
  await expectAccessible(guest);
  expect(guest.url()).not.toContain("#");
  await guest.getByLabel("New password").fill("another horse battery");
  await guest.getByRole("button", { name: "Change password" }).click();
  await expect(guest.getByText("Your password is changed")).toBeVisible();
  await guest.getByRole("link", { name: "Go to sign-in" }).click();
  await guest.getByLabel("E-mail").fill(email);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByText("do not belong together")).toBeVisible();
  await guest.getByLabel("Password").fill("another horse battery");
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest).toHaveURL(new RegExp(`/t/${slug}$`));
  await inside.goto("/me");
  await expect(inside).toHaveURL(/\/login/);
});

test("an operator is made and unmade, signed out everywhere and removed; never oneself", async ({
  page,
  service,
  browser,
}) => {
  const slug = freshSlug("second");
  service.tenant("Second Hand Ltd", slug);
  const [email, name] = [`${slug}@second.test`, `Sam ${slug}`];
  service.admin(email, name, PASSWORD, { tenant: slug, role: "viewer" });
  const guest = await elsewhere(browser, service.url);
  await signIn(guest, email);
  await signIn(page);
  await page.goto("/operator/admins");
  await expect(page.getByRole("button", { name: "Actions for Olga Operator" })).toHaveCount(0);
  const act = async (entry: string, action = entry) => {
    await page.getByRole("button", { name: `Actions for ${name}` }).click();
    await page.getByRole("menuitem", { name: entry }).click();
    const dialog = page.getByRole("alertdialog");
    if (entry === "Remove person") await dialog.getByLabel(/^Type/).fill(email);
    await dialog.getByRole("button", { name: action }).click();
    await expect(dialog).toHaveCount(0);
  };
  await act("Make operator");
  await guest.goto("/operator/admins");
  await expect(guest.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  await act("End operator");
  await guest.reload();
  await expect(guest.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
  await act("End sessions");
  await guest.reload();
  await expect(guest).toHaveURL(/\/login/);
  await act("Remove person");
  await expect(page.getByText(email)).toHaveCount(0);
  await guest.getByLabel("E-mail").fill(email);
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest.getByText("do not belong together")).toBeVisible();
});
