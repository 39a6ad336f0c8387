/** "What happened to Ada?": one story by any name, of whom is here, of whom is gone and of whom never was. */
import type { Service } from "../support/service";
import { find, logged, story, told } from "../support/story";
import { expect, expectAccessible, freshSlug, idpOf, mayComplain, PASSWORD, signIn, test } from "../support/test";

const GROUP = { path: "members", op: "add" };

function company(service: Service, prefix: string) {
  const slug = freshSlug(prefix);
  service.tenant("Story Ltd", slug);
  return { slug, idp: idpOf(service, slug, service.token(slug, "entra"), "Microsoft-Entra-ID") };
}

/** Somebody who was looked for, made, put into a group, changed, renamed, and sent once more under the new name. */
async function eventful(service: Service) {
  const { slug, idp } = company(service, "story");
  await idp.send("GET", '/Users?filter=userName eq "ada@story.test"');
  const ada = await idp.person("ada@story.test", {
    displayName: "Ada Byron",
    externalId: "ext-ada-1",
    title: "Engineer",
    active: "True",
    emails: [{ value: "ada.byron@mail.test", type: "work", primary: true }],
  });
  await idp.group("Leads", [ada]);
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "title", value: "Lead engineer" }]);
  await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "userName", value: "countess@story.test" }]);
  await idp.send("POST", "/Users", { userName: "COUNTESS@story.test" });
  return { slug, idp, ada };
}

test("somebody is found from anywhere by mail, externalId and a former name", async ({ page, service }) => {
  const { slug, ada } = await eventful(service);
  await signIn(page);
  await logged(page, slug, 6);

  for (const name of ["ada.byron@mail.test", "ext-ada-1", "ada@story.test", "Countess@Story.test", ada]) {
    // From where she is not, so that her page says that she was found.
    await page.goto(`/t/${slug}`);
    await expect(page.getByRole("heading", { level: 1, name: "Story Ltd" })).toBeVisible();
    await find(page, name);
    await expect(page, name).toHaveURL(new RegExp(`/users/${ada}$`));
    await expect(page.getByRole("heading", { level: 1, name: "Ada Byron" })).toBeFocused();
  }
  await expect(told(page)).toHaveText([
    /was rejected: the userName.*POST 409/,
    /Entra changed Ada Byron.*userName ada@story.test → countess@story.test.*PATCH 200/,
    /Entra changed Ada Byron.*title Engineer → Lead engineer.*PATCH 200/,
    /Entra added Ada Byron to Leads.*POST 201.*Open Leads/,
    /Entra created Ada Byron.*active "True" read as true.*POST 201/,
    /Looked for someone who is not here.*GET 200/,
  ]);
  await expect(story(page).getByRole("heading", { level: 3, name: "Today" })).toBeVisible();
  await expectAccessible(page);

  // What changed, and what to do about a refusal, opens in place and by keys.
  const title = told(page).filter({ hasText: "Lead engineer" });
  await title.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(title.getByRole("table")).toContainText("Engineer");
  const refused = told(page).filter({ hasText: "409" });
  await refused.getByText("What to do").focus();
  await refused.locator("summary").first().press("Enter");
  await expect(refused.getByText(/match them in the IdP/)).toBeVisible();
  await expectAccessible(page);
});

test("what is shown of a story stands in the address, and each item leads to its request", async ({
  page,
  service,
}) => {
  const { slug, idp, ada } = await eventful(service);
  await signIn(page);
  await logged(page, slug, 6);
  await page.goto(`/t/${slug}/users/${ada}`);
  await expect(told(page)).toHaveCount(6);
  await page.getByRole("button", { name: "Memberships" }).click();
  await expect(page).toHaveURL(/memberships=0/);
  await expect(told(page)).toHaveCount(5);
  await page.getByRole("button", { name: "Refusals" }).press("Enter");
  await expect(told(page)).toHaveCount(4);
  await page.goBack();
  await expect(told(page)).toHaveCount(5);
  await page.goBack();
  await expect(told(page)).toHaveCount(6);
  await idp.send("GET", `/Users/${ada}`);
  await page.getByRole("button", { name: "Reads" }).click();
  await expect(page).toHaveURL(/reads=1/);
  await expect(told(page).filter({ hasText: "Entra looked up Ada Byron" })).toHaveCount(1);

  // A request's id leads to the request, and the story leads there too.
  const title = told(page).filter({ hasText: "Lead engineer" });
  const link = title.getByRole("link", { name: /^Request/ });
  const request = ((await link.getAttribute("href")) ?? "").split("/").at(-1) ?? "";
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/log/${request}$`));
  await page.goto(`/t/${slug}/users`);
  await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
  await find(page, request);
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/log/${request}$`));
  await expect(page.getByText("What it changed")).toBeVisible();
  await expectAccessible(page);
});

test("somebody who was never created has a page, from the log alone", async ({ page, service }) => {
  const { slug, idp } = company(service, "never");
  await idp.person("ada@never.test");
  for (let times = 0; times < 2; times += 1) {
    await idp.send("POST", "/Users", { userName: "max@never.test", active: "perhaps" });
  }
  await idp.send("GET", '/Users?filter=userName eq "max@never.test"');
  await signIn(page);
  await logged(page, slug, 4);

  // A search that finds nobody asks the question.
  await page.goto(`/t/${slug}/users?q=max@never.test`);
  await page.getByRole("link", { name: "What happened to “max@never.test”?" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/who\\?of=max`));
  await expect(page.getByRole("heading", { level: 1, name: "max@never.test" })).toBeFocused();
  await expect(page.getByText("Nobody here has or had this name.")).toBeVisible();
  await expect(told(page)).toHaveText([
    /Looked for someone.*GET 200/,
    /was rejected.*POST 400/,
    /was rejected.*POST 400/,
  ]);
  await expectAccessible(page);

  // So does the request that was refused.
  await told(page)
    .nth(1)
    .getByRole("link", { name: /^Request/ })
    .click();
  await page.getByRole("link", { name: "What happened to “max@never.test”?" }).click();
  await expect(page.getByText("Nobody here has or had this name.")).toBeVisible();

  // Another name, of which nothing at all is known, and one that means somebody.
  await page.getByRole("textbox", { name: "Another name or id" }).fill("nobody@never.test");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "nobody@never.test" })).toBeVisible();
  await expect(story(page).getByText("Nothing is kept")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Another name or id" }).fill("ada@never.test");
  await page.getByRole("button", { name: "Find", exact: true }).last().click();
  await expect(page).toHaveURL(/\/users\//);
  await page.goto(`/t/${slug}/who`);
  await expect(page.getByRole("heading", { level: 1, name: "What happened to somebody?" })).toBeVisible();
  await expectAccessible(page);
});

test("a group's batch opens to the names of who came, each leading to their page", async ({ page, service }) => {
  const { slug, idp } = company(service, "batch");
  const staff = await idp.group("Engineering");
  const ids: string[] = [];
  for (let at = 0; at < 12; at += 1) ids.push(await idp.person(`p${at}@batch.test`, { displayName: `Person ${at}` }));
  await idp.patch(`/Groups/${staff}`, [{ ...GROUP, value: ids.map((value) => ({ value })) }]);
  await signIn(page);
  await logged(page, slug, 14);
  await page.goto(`/t/${slug}/groups/${staff}`);
  await page.getByRole("tab", { name: "Timeline" }).click();
  const batch = told(page).filter({ hasText: "Entra added 12 members to Engineering" });
  await batch.locator("summary").focus();
  await page.keyboard.press("Enter");
  await expect(batch.getByRole("link", { name: /^Person \d+$/ })).toHaveCount(12);
  await expectAccessible(page);
  await batch.getByRole("link", { name: "Person 7" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Person 7" })).toBeVisible();
  await expect(told(page).first()).toContainText("Entra added Person 7 to Engineering");
  await told(page).first().getByRole("link", { name: "Open Engineering" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Engineering" })).toBeVisible();
});

test("members whom the IdP named and did not send are listed by name, until they come", async ({ page, service }) => {
  const { slug, idp } = company(service, "waiting");
  const staff = await idp.group("Engineering", ["ada@waiting.test", "bob@waiting.test"]);
  await signIn(page);
  await page.goto(`/t/${slug}/groups/${staff}`);
  await expect(page.getByText("2 members of Engineering are not here yet")).toBeVisible();
  await page.getByRole("link", { name: "See who" }).click();
  const table = page.getByRole("table", { name: "Not here yet" });
  await expect(table.getByRole("link", { name: "ada@waiting.test" })).toBeVisible();
  await expect(table.getByRole("link", { name: "Request" })).toHaveCount(2);
  await expectAccessible(page);
  await idp.person("ada@waiting.test");
  await page.reload();
  await expect(page.getByText("1 member of Engineering is not here yet")).toBeVisible();
  await expect(table.getByRole("link", { name: "ada@waiting.test" })).toHaveCount(0);
  await table.getByRole("link", { name: "bob@waiting.test" }).click();
  await expect(page).toHaveURL(/\/who\?of=bob/);
});

test("a long story is read on into the past, and keeps what was read", async ({ page, service }) => {
  const { slug, idp } = company(service, "long");
  const ada = await idp.person("ada@long.test", { displayName: "Ada Byron" });
  for (let at = 0; at < 60; at += 1) {
    await idp.patch(`/Users/${ada}`, [{ op: "replace", path: "title", value: `Title ${at}` }]);
  }
  await signIn(page);
  await logged(page, slug, 61);
  await page.goto(`/t/${slug}/users/${ada}`);
  await expect(told(page)).toHaveCount(50);
  await story(page).getByRole("button", { name: "Load earlier" }).press("Enter");
  await expect(told(page)).toHaveCount(61);
  await expect(told(page).last()).toContainText("Entra created Ada Byron");
  await expect(told(page).first()).toContainText("Title 59");
  await expect(story(page).getByRole("button", { name: "Load earlier" })).toHaveCount(0);
  await expectAccessible(page);
});

test("somebody deleted keeps a page: when, by which request, and the story", async ({ page, service }) => {
  const { slug, idp } = company(service, "gone");
  const ada = await idp.person("ada@gone.test", { displayName: "Ada Byron" });
  await idp.group("Leads", [ada]);
  await idp.send("DELETE", `/Users/${ada}`);
  mayComplain(page, /404/);
  await signIn(page);
  await logged(page, slug, 3);
  await page.goto(`/t/${slug}/users/${ada}`);
  await expect(page.getByRole("heading", { level: 1, name: "Ada Byron" })).toBeVisible();
  await expect(page.getByText(/Entra deleted Ada Byron, \d/)).toBeVisible();
  await expect(told(page)).toHaveText([
    /Entra deleted Ada Byron.*DELETE 204/,
    /Entra added Ada Byron to Leads/,
    /Entra created Ada Byron/,
  ]);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Show the request" }).click();
  await expect(page).toHaveURL(/\/log\//);

  // By name there are two now: who is gone and who came after.
  await find(page, "ada@gone.test");
  await expect(page.getByText("Ada Byron had this name and is no longer here.")).toBeVisible();
  await expectAccessible(page);
  const next = await idp.person("ada@gone.test", { displayName: "Another Ada" });
  await page.reload();
  const both = page.getByRole("listitem").filter({ has: page.getByText(/^(Here|Deleted)$/) });
  await expect(both).toHaveText([/Another AdaHere/, /Ada ByronDeleted/]);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Another Ada", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/users/${next}$`));
});

test("who may not read the log is told the changes, and is offered nothing else", async ({ page, service }) => {
  const { slug, idp } = company(service, "dev");
  const ada = await idp.person("ada@dev.test", { displayName: "Ada Byron" });
  await idp.send("POST", "/Users", { userName: "ADA@dev.test" });
  service.admin(`dev@${slug}.test`, "Dora Developer", PASSWORD, { tenant: slug, role: "developer" });
  await signIn(page, `dev@${slug}.test`);
  await page.goto(`/t/${slug}/users/${ada}`);
  await expect(told(page)).toHaveText([/Entra created Ada Byron/]);
  await expect(story(page).getByRole("button")).toHaveText(["Changes", "Memberships"]);
  await expect(story(page).getByRole("link")).toHaveCount(0);
  await find(page, "max@dev.test");
  await expect(page.getByText("No change carries this name.")).toBeVisible();
  await expectAccessible(page);
});
