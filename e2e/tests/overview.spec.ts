/** What a tenant's requests add up to: the overview's figures, problems and chart, and the page of its connections' health. */
import type { Page } from "@playwright/test";
import { play } from "../support/conversation";
import type { Service } from "../support/service";
import { expect, expectAccessible, freshSlug, idpOf, signIn, test } from "../support/test";

type Hour = { at: string; accepted: number; rejected: number; failed: number };
type Figures = { hours: Hour[]; requests: number; accepted: number; rejected: number; failed: number };
type Problem = { outcome: string; cause?: string; count: number; open: number };
type Report = { connectionId: string; name: string; cycles: unknown[]; repairs: { rule: string; count: number }[] };

async function read<T>(page: Page, address: string): Promise<T> {
  const answer = await page.request.get(`/api/v1/tenants/${address}`);
  expect(answer.status(), address).toBe(200);
  return (await answer.json()) as T;
}

/** Two IdPs' conversations; after them one of the two is refused the same thing three times and another thing once. */
async function talk(page: Page, service: Service): Promise<string> {
  // An hour that ends in the middle of a journey would move every bar of the chart.
  const left = 3_600_000 - (Date.now() % 3_600_000);
  if (left < 60_000) await page.waitForTimeout(left);
  const slug = freshSlug("figures");
  service.tenant("Figures Ltd", slug);
  const base = `${service.url}/scim/${slug}/v2`;
  const entra = service.token(slug, "entra", "Entra");
  await play("entra", base, entra);
  await play("jumpcloud", base, service.token(slug, "jumpcloud", "JumpCloud"));
  const idp = idpOf(service, slug, entra, "Microsoft-Entra-ID");
  await idp.person("ada@figures.test", { displayName: "Ada Byron", active: "True" });
  for (let times = 0; times < 3; times += 1) await idp.send("POST", "/Users", { userName: "ADA@figures.test" });
  await idp.send("GET", '/Users?filter=userName eq "');
  await signIn(page);
  // The log is written behind the answers; the question that cannot be read came last.
  let before = -1;
  await expect
    .poll(
      async () => {
        const { items } = await read<{ items: { status: number }[] }>(page, `${slug}/sync-events?limit=1`);
        const [now, last] = [(await read<Figures>(page, `${slug}/figures`)).requests, before];
        before = now;
        return items[0]?.status === 400 && now > 20 && now === last;
      },
      { intervals: [700] },
    )
    .toBe(true);
  return slug;
}

test("the overview's figures, problems and chart are those of the API, and each leads to its requests", async ({
  page,
  service,
}) => {
  const slug = await talk(page, service);
  const figures = await read<Figures>(page, `${slug}/figures?hours=48`);
  const told = (await read<{ items: Problem[] }>(page, `${slug}/problems`)).items;
  const problems = told.filter(({ open }) => open > 0);
  await page.goto(`/t/${slug}`);
  const main = page.getByRole("main");

  const share = Math.floor((figures.accepted / figures.requests) * 1000) / 10;
  await expect(main.getByText("Requests, 24 h")).toBeVisible();
  await expect(main.getByText(`${share} % accepted`.replace(" %", "%"), { exact: true })).toBeVisible();
  await expect(main.getByText("19 of 20 answered within")).toBeVisible();

  const chart = main.getByRole("slider", { name: "Requests per hour" });
  await expect(chart).toBeVisible();
  for (const word of ["Accepted", "Rejected", "Failed"] as const) {
    const count = figures[word.toLowerCase() as "accepted" | "rejected" | "failed"];
    await expect(main.getByRole("figure").getByText(`${word} ${count}`, { exact: true })).toBeVisible();
  }
  await expectAccessible(page);

  await main.getByText("Show as table").click();
  const table = main.getByRole("table", { name: "Requests per hour" });
  const rows = () =>
    table
      .getByRole("row")
      .evaluateAll((all) =>
        all.slice(1).map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent))),
      );
  const hours = figures.hours.toReversed().map((hour) => [hour.accepted, hour.rejected, hour.failed]);
  await expect.poll(rows).toEqual(hours);
  await expectAccessible(page);

  const attention = main.getByRole("region", { name: "Needs attention" });
  const listed = attention.getByRole("listitem");
  await expect(listed).toHaveCount(Math.min(5, problems.length));
  for (const [at, { count, open }] of problems.slice(0, 5).entries()) {
    const all = count === 1 ? "1 request," : `${count} requests,`;
    await expect(listed.nth(at)).toContainText(open < count ? `${open} of ${all}` : all);
  }
  const taken = problems.findIndex(({ cause }) => cause === "uniqueness");
  expect(problems[taken]?.count).toBeGreaterThanOrEqual(3);
  await listed.nth(taken).getByRole("link").click();
  await expect(page).toHaveURL(/\/log\?outcome=rejected&cause=uniqueness&span=24h$/);
  await expect(page.getByRole("row").filter({ hasText: "/Users" })).toHaveCount(problems[taken]?.count ?? 0);
  await expect(page.getByRole("row").filter({ hasText: "GET" })).toHaveCount(0);
  await expectAccessible(page);
});

test("a person is rejected, a member is missing: notices lead there and go by themselves once the IdP has mended it", async ({
  page,
  service,
}) => {
  const slug = freshSlug("mended");
  service.tenant("Mended Ltd", slug);
  const idp = idpOf(service, slug, service.token(slug, "okta", "Okta"));
  await idp.person("ada@mended.test");
  const grace = { externalId: "00u-grace", displayName: "Grace" };
  const taken = await idp.send("POST", "/Users", { userName: "ADA@mended.test", ...grace });
  expect(taken.status).toBe(409);
  const leads = await idp.group("Leads", ["hopper@mended.test"]);
  await signIn(page);
  await page.goto(`/t/${slug}`);
  const attention = page.getByRole("main").getByRole("region", { name: "Needs attention" });
  await expect(attention.getByRole("listitem")).toHaveCount(2);
  await expect(attention).toContainText("1 request,");
  await expect(attention).toContainText("1 member the IdP named is not here yet");
  await expectAccessible(page);

  await attention.getByRole("link", { name: "See them" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/log/`));
  await expect(page.getByText(/already belongs to/).first()).toBeVisible();
  await page.goto(`/t/${slug}`);
  await attention.getByRole("link", { name: "Leads" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/groups/${leads}\\?tab=waiting$`));
  await expect(page.getByText("hopper@mended.test").first()).toBeVisible();

  await page.goto(`/t/${slug}`);
  await expect(attention.getByRole("listitem")).toHaveCount(2);
  // Mended in the IdP: the same person comes with a userName of her own.
  await idp.person("hopper@mended.test", grace);
  await expect(attention).toHaveCount(0, { timeout: 15_000 });
  await expectAccessible(page);
});

test("the chart is read and followed by keyboard alone, and by the mouse", async ({ page, service }) => {
  const slug = await talk(page, service);
  await page.goto(`/t/${slug}`);
  const chart = page.getByRole("slider", { name: "Requests per hour" });
  await chart.focus();
  await expect(chart).toHaveAttribute("aria-valuetext", /to now: \d+ Accepted, \d+ Rejected, 0 Failed$/);
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuetext", /: 0 Accepted, 0 Rejected, 0 Failed$/);
  await page.keyboard.press("ArrowRight");
  await expect(chart).toHaveAttribute("aria-valuenow", "1");
  await expectAccessible(page);
  const { hours } = await read<Figures>(page, `${slug}/figures?hours=48`);
  await page.keyboard.press("Enter");
  const from = encodeURIComponent(new Date(hours[1]?.at ?? "").toISOString());
  await expect(page).toHaveURL(new RegExp(`/log\\?from=${from}&to=`));
  await expect(page.getByText("Nothing matches")).toBeVisible();

  await page.goBack();
  await expect(chart).toBeVisible();
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart is nowhere");
  // Wherever the chart stands by then: what is above it may still come.
  const position = { x: box.width - 3, y: box.height / 2 };
  await chart.hover({ position });
  await expect(page.getByRole("figure").getByText(/to now$/)).toBeVisible();
  await chart.click({ position });
  await expect(page).toHaveURL(/\/log\?from=/);
  await expect(page.getByRole("row").nth(5)).toBeVisible();
});

test("the health page tells each connection's cycles and repairs, and what being strict would mean", async ({
  page,
  service,
}) => {
  const slug = await talk(page, service);
  const reports = (await read<{ items: Report[] }>(page, `${slug}/health`)).items;
  expect(reports.map(({ cycles }) => cycles.length)).toEqual([1, 1]);
  await page.goto(`/t/${slug}`);
  // The link moves down as the chart above it comes.
  await page.waitForLoadState("networkidle");
  await page.getByRole("link", { name: "Their health" }).click();
  await expect(page).toHaveURL(new RegExp(`/t/${slug}/health$`));
  await expect(page.getByRole("heading", { level: 1, name: "Health" })).toBeVisible();
  await expect(page.getByRole("navigation").getByRole("link", { name: "Health" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  for (const { name, repairs } of reports) {
    const card = page.getByRole("region", { name, exact: true });
    await expect(card.getByText("running", { exact: true })).toBeVisible();
    await expect(card.locator(".health-repairs > li")).toHaveCount(repairs.length);
    for (const [at, { count }] of repairs.entries()) {
      const words = count === 1 ? /\bonce\b/ : new RegExp(`\\b${count} times\\b`);
      await expect(card.locator(".health-repairs > li").nth(at)).toContainText(words);
    }
    expect(repairs.length).toBeGreaterThan(0);
    await expect(card.getByText("If this connection were strict, these would be refused.")).toBeVisible();
  }
  await expectAccessible(page);
  await page
    .getByRole("link", { name: /^Example ?\(We read “True” as true/ })
    .first()
    .click();
  await expect(page.getByText("Repairs we made").first()).toBeVisible();

  const strict = reports[0]?.connectionId;
  const changed = await page.request.patch(`/api/v1/tenants/${slug}/connections/${strict}`, {
    data: { strict: true },
    headers: { "x-directory-sync": "e2e" },
  });
  expect(changed.status()).toBe(200);
  await page.goto(`/t/${slug}/health`);
  await expect(page.getByText("The connection is strict now")).toHaveCount(1);
});

test("the log's filter by cause is chosen by its sentence, and one connection's requests are told apart", async ({
  page,
  service,
}) => {
  const slug = await talk(page, service);
  const [first] = (await read<{ items: Report[] }>(page, `${slug}/health`)).items;
  await page.goto(`/t/${slug}/log?cause=nonsense&connection=1`);
  await page.getByRole("combobox", { name: "Cause" }).selectOption("Questions we cannot answer");
  await expect(page).toHaveURL(/cause=invalid_filter/);
  await expect(page.getByRole("row").filter({ hasText: "400" })).toHaveCount(1);
  await page.goto(`/t/${slug}/log?connection=${first?.connectionId}&cause=too_fast`);
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page
    .getByRole("button", { name: /^Clear Connection: / })
    .first()
    .click();
  await expect(page).not.toHaveURL(/connection=/);
});
