/** A webhook's life in the console, against an app that takes messages: made, tried, failing, sent again, rotated, deleted. */
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { type Received, Receiver } from "../support/receiver";
import { Service } from "../support/service";
import {
  test as base,
  expect,
  expectAccessible,
  freshSlug,
  idpOf,
  mayComplain,
  OPERATOR,
  PASSWORD,
  signIn,
} from "../support/test";

const test = base.extend<{ receiver: Receiver }>({
  service: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
    async ({}, use) => {
      const service = await Service.start("serve", Receiver.flags);
      service.admin(OPERATOR, "Olga Operator", PASSWORD);
      await use(service);
      await service.remove();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the parameters from the pattern
  receiver: async ({}, use) => {
    const receiver = await Receiver.start();
    await use(receiver);
    await receiver.stop();
  },
});

/** Makes a webhook in the console and gives its secret; its page is open then. */
async function make(page: Page, slug: string, name: string, url: string): Promise<string> {
  await page.goto(`/t/${slug}/webhooks`);
  await page.getByRole("button", { name: "New webhook" }).click();
  const form = page.getByRole("dialog", { name: "New webhook" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Address").fill(url);
  await form.getByRole("button", { name: "Create webhook" }).click();
  const shown = page.getByRole("dialog", { name: `Secret of “${name}”` });
  const secret = await shown.getByRole("textbox", { name: "Signing secret" }).inputValue();
  await expectAccessible(page);
  await shown.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return secret;
}

const act = async (page: Page, name: string) => {
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
};

/** What the program on the developers' page says of a message. */
async function verified(page: Page, slug: string, secret: string, { headers, text }: Received): Promise<boolean> {
  await page.goto(`/t/${slug}/developers`);
  // The list of keys moves what stands below it as it comes.
  await expect(page.getByText("No API key yet")).toBeVisible();
  await page.getByLabel("What the program does").selectOption("verify");
  await page.getByRole("radio", { name: "Python" }).check({ force: true });
  const code = await page.getByRole("figure", { name: "Example: Python" }).locator("pre").innerText();
  const run = `${code}\nimport json, sys\nprint(verify(json.loads(sys.argv[1]), sys.argv[2].encode()))\n`;
  const env = { PATH: process.env.PATH, DIRECTORY_SYNC_WEBHOOK_SECRET: secret };
  const output = execFileSync("python3", ["-c", run, JSON.stringify(headers), text], { env, encoding: "utf8" });
  return output.trim() === "True";
}

test("a developer makes a webhook, tries it, and gets changes that the page's own program verifies", async ({
  page,
  service,
  receiver,
}) => {
  const slug = freshSlug("hooks");
  service.tenant("Hooks Ltd", slug);
  const email = `${slug}@hooks.test`;
  service.admin(email, "Dev Eloper", PASSWORD, { tenant: slug, role: "developer" });
  const idp = idpOf(service, slug, service.token(slug, "entra"));
  await signIn(page, email);
  await page.goto(`/t/${slug}/webhooks`);
  await expect(page.getByText("No webhook yet")).toBeVisible();
  await expectAccessible(page);
  const secret = await make(page, slug, "App", receiver.url);
  await expect(page.getByText("Nothing sent yet")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText(/^The test arrived: 200 in/)).toBeVisible();
  expect(receiver.received[0]?.message.type).toBe("webhook.test");
  await page.getByRole("button", { name: "See the answer" }).click();
  const delivery = page.getByRole("dialog", { name: "Delivery" });
  await expect(delivery.getByRole("figure", { name: "Answered: Body" })).toContainText("taken");
  await expect(delivery.getByRole("figure", { name: "Sent: Headers" })).toContainText("webhook-id");
  await expectAccessible(page);
  await delivery.getByRole("button", { name: "Close" }).click();

  const ada = await idp.person("ada@hooks.test", { displayName: "Ada Byron" });
  const created = await receiver.first(({ message }) => message.type === "user.created");
  expect(created.message.seq).toBe(1);
  await expect(page.getByRole("link", { name: "user.created" })).toBeVisible();
  await expect(page.getByText("1 of 1")).toBeVisible();
  await page.getByRole("link", { name: "user.created" }).click();
  await expect(delivery.getByRole("figure", { name: "Sent: Body" })).toContainText(ada);
  await delivery.getByRole("link", { name: "Open change 1" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/changes\\?sel=1$`));

  expect(await verified(page, slug, secret, created)).toBe(true);
  expect(await verified(page, slug, secret, { ...created, text: `${created.text} ` })).toBe(false);
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(stored).not.toContain(secret);
});

test("a refused message is tried again in its place, by hand too, and everything since is sent again", async ({
  page,
  service,
  receiver,
}) => {
  const slug = freshSlug("again");
  service.tenant("Again Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await signIn(page);
  await make(page, slug, "App", receiver.url);
  receiver.answer = { status: 503, body: "not now" };
  await idp.person("ada@again.test");
  await idp.person("max@again.test");
  await expect(page.getByText("Failing", { exact: true })).toBeVisible();
  await expect(page.getByText(/^Tried again/)).toBeVisible();
  await expectAccessible(page);
  expect(new Set(receiver.numbers)).toEqual(new Set([1]));

  receiver.answer = { status: 200 };
  await receiver.first(({ message }) => message.seq === 2, 60);
  await expect(page.getByText("Working", { exact: true })).toBeVisible();
  // The same message keeps its id however often it comes.
  const ids = receiver.received.filter(({ message }) => message.seq === 1).map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(1);

  await page.getByLabel("Outcome", { exact: true }).selectOption("delivered");
  await expect(page).toHaveURL(/outcome=delivered/);
  await page.getByRole("link", { name: "user.created" }).last().click();
  const delivery = page.getByRole("dialog", { name: "Delivery" });
  const before = receiver.received.length;
  await delivery.getByRole("button", { name: "Send again" }).click();
  await expect(delivery.getByText("Sent again, and it arrived.")).toBeVisible();
  expect(receiver.received.length).toBe(before + 1);
  expect(receiver.received.at(-1)?.message.seq).toBe(1);

  await delivery.getByRole("button", { name: "Send all since again" }).click();
  const again = page.getByRole("dialog", { name: "Send changes again to “App”?" });
  await expect(again.getByText(/^2 changes are sent again/)).toBeVisible();
  await expectAccessible(page);
  await again.getByRole("button", { name: "Send 2 changes again" }).click();
  await expect(again).toHaveCount(0);
  await expect.poll(() => receiver.numbers.slice(before + 1)).toEqual([1, 2]);
});

test("a paused webhook gets nothing, and all of it in order once it is resumed", async ({
  page,
  service,
  receiver,
}) => {
  const slug = freshSlug("pause");
  service.tenant("Pause Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await signIn(page);
  await make(page, slug, "App", receiver.url);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Nothing is sent while it is paused.", { exact: false })).toBeVisible();
  for (const name of ["ada", "max", "emmy"]) await idp.person(`${name}@pause.test`);
  await expect(page.getByText("(3 changes wait)")).toBeVisible();
  expect(receiver.received).toEqual([]);
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await receiver.first(({ message }) => message.seq === 3);
  expect(receiver.numbers).toEqual([1, 2, 3]);
});

test("a webhook that is narrowed gets what it asks for", async ({ page, service, receiver }) => {
  const slug = freshSlug("narrow");
  service.tenant("Narrow Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug));
  await signIn(page);
  await make(page, slug, "App", receiver.url);
  await act(page, "Change");
  const form = page.getByRole("dialog", { name: "Change “App”" });
  await form.getByText("Only some types").click();
  await form.getByText("user.deactivated", { exact: true }).click();
  await expectAccessible(page);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Webhook" })).toContainText("user.deactivated");
  const ada = await idp.person("ada@narrow.test");
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "active", value: false }]);
  await receiver.first(({ message }) => message.type === "user.deactivated");
  expect(receiver.received.map(({ message }) => message.type)).toEqual(["user.deactivated"]);
});

test("during a rotation both secrets sign; a webhook is deleted by its name", async ({ page, service, receiver }) => {
  const slug = freshSlug("rotate");
  service.tenant("Rotate Ltd", slug);
  await signIn(page);
  const old = await make(page, slug, "App", receiver.url);
  const address = page.url();
  await act(page, "Rotate secret");
  const rotate = page.getByRole("dialog", { name: "Rotate the secret of “App”?" });
  await rotate.getByLabel("The old secret signs too for").selectOption("72");
  await rotate.getByRole("button", { name: "Rotate secret" }).click();
  const shown = page.getByRole("dialog", { name: "Secret of “App”" });
  const fresh = await shown.getByRole("textbox", { name: "Signing secret" }).inputValue();
  await shown.getByRole("button", { name: "I have stored it" }).click();
  expect(fresh).not.toBe(old);
  await expect(page.getByText("The one before signs too until")).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText(/^The test arrived/)).toBeVisible();
  const [message] = receiver.received;
  if (!message) throw new Error("no test came");
  expect(message.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  expect(await verified(page, slug, old, message)).toBe(true);
  expect(await verified(page, slug, fresh, message)).toBe(true);

  await page.goto(address);
  await act(page, "Delete webhook");
  const dialog = page.getByRole("alertdialog", { name: "Delete “App”?" });
  await expect(dialog.getByRole("button", { name: "Delete webhook" })).toBeDisabled();
  await expectAccessible(page);
  await dialog.getByRole("textbox").fill("App");
  await dialog.getByRole("button", { name: "Delete webhook" }).click();
  await expect(page.getByText("No webhook yet")).toBeVisible();
  mayComplain(page, /404/);
  await page.goto(address);
  await expect(page.getByText("This page does not exist, or you may not see it").first()).toBeVisible();
});

test("an address that may not be called is refused in its field", async ({ page, service }) => {
  const slug = freshSlug("inward");
  service.tenant("Inward Ltd", slug);
  await signIn(page);
  mayComplain(page, /4(00|22)/);
  await page.goto(`/t/${slug}/webhooks`);
  await page.getByRole("button", { name: "New webhook" }).click();
  const form = page.getByRole("dialog", { name: "New webhook" });
  await form.getByLabel("Name").fill("Metadata");
  await form.getByLabel("Address").fill("http://169.254.169.254/latest/meta-data");
  await form.getByRole("button", { name: "Create webhook" }).click();
  await expect(form.getByRole("alert").or(form.locator(".field-error")).first()).toBeVisible();
  await expect(form.getByLabel("Address")).toHaveValue("http://169.254.169.254/latest/meta-data");
  await expectAccessible(page);
});
