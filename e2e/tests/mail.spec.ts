/** With a mail server: links arrive by mail; without its help they are shown. */
import { MailServer } from "../support/mail";
import { Service } from "../support/service";
import { test as base, expect, expectAccessible, OPERATOR, PASSWORD, signIn } from "../support/test";

const test = base.extend<object, { mail: MailServer }>({
  mail: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const mail = await MailServer.start();
      await use(mail);
      await mail.stop();
    },
    { scope: "worker" },
  ],
  service: [
    async ({ mail }, use) => {
      const service = await Service.start("serve", mail.flags);
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      service.tenant("Mailed Ltd", "mailed");
      await use(service);
      await service.remove();
    },
    { scope: "worker" },
  ],
});

test("an invitation comes by mail and is accepted", async ({ page, service, mail, browser }) => {
  mail.refusing = false;
  await signIn(page);
  await page.goto("/t/mailed/settings");
  // The cards are drawn as their texts and lists come, and move what stands below them.
  await page.waitForLoadState("networkidle");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("E-mail").fill("mia@mailed.test");
  await form.getByLabel("Name").fill("Mia Mailed");
  await form.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByText("The link is on its way to mia@mailed.test.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveCount(0);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(/sent by mail/)).toBeVisible();
  const guest = await (await browser.newContext({ baseURL: service.url })).newPage();
  await guest.goto(await mail.link("mia@mailed.test", "invite"));
  await guest.getByLabel("Password").fill(PASSWORD);
  await guest.getByRole("button", { name: "Accept invitation" }).click();
  await expect(guest).toHaveURL(/\/t\/mailed$/);
});

test("who forgot the password gets a link by mail, and an address nobody has gets the same answer", async ({
  service,
  mail,
  browser,
}) => {
  mail.refusing = false;
  service.admin("fay@mailed.test", "Fay Forgot", PASSWORD, { tenant: "mailed", role: "viewer" });
  const guest = await (await browser.newContext({ baseURL: service.url })).newPage();
  for (const email of ["nobody@mailed.test", "fay@mailed.test"]) {
    await guest.goto("/login");
    await guest.getByRole("button", { name: "Forgot your password?" }).click();
    await guest.getByLabel("E-mail").fill(email);
    await expectAccessible(guest);
    await guest.getByRole("button", { name: "Send link" }).click();
    await expect(guest.getByText(`If ${email} belongs to somebody here, a link is on its way.`)).toBeVisible();
  }
  const link = await mail.link("fay@mailed.test", "reset");
  expect(mail.mails.filter(({ to }) => to === "nobody@mailed.test")).toEqual([]);
  await guest.goto(link);
  await guest.getByLabel("New password").fill("another horse battery");
  await guest.getByRole("button", { name: "Change password" }).click();
  await expect(guest.getByText("Your password is changed")).toBeVisible();
  await signIn(guest, "fay@mailed.test", "another horse battery");
});

test("a mail server that refuses is quoted, and the link is shown instead", async ({ page, mail }) => {
  mail.refusing = true;
  await signIn(page);
  await page.goto("/operator/admins");
  await page.getByRole("button", { name: "Invite operator" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("E-mail").fill("late@mailed.test");
  await form.getByLabel("Name").fill("Late Comer");
  await form.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByText("The mail did not leave.")).toBeVisible();
  await expect(page.getByText(/mailbox is full/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Link" })).toHaveValue(/\/invite#/);
  await expectAccessible(page);
  mail.refusing = false;
});

test("a tenant's admins read once that a credential ends, whoever is restarted", async ({ service, mail }) => {
  mail.refusing = false;
  service.admin("ada@mailed.test", "Ada Admin", PASSWORD, { tenant: "mailed", role: "admin" });
  service.admin("vic@mailed.test", "Vic Viewer", PASSWORD, { tenant: "mailed", role: "viewer" });
  service.run(["token", "create", "mailed", "--idp", "okta", "--name", "Payroll", "--days", "5"]);
  const about = () => mail.mails.filter(({ subject }) => subject.includes('"Payroll"'));
  for (let starts = 0; starts < 2; starts += 1) {
    await service.stop();
    await service.serve();
    await expect.poll(about).toHaveLength(1);
  }
  const [letter] = about();
  expect(letter?.to).toBe("ada@mailed.test");
  expect(letter?.subject).toContain("less than 7 days");
  expect(letter?.text).toContain(`${service.url}/t/mailed/credentials`);
});
