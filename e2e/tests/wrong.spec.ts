/**
 * Thirty and more things that go wrong: for each the admin asks for the person (or group) by name, and reads what the
 * cause is and what to do about it.
 */
import { type Answer, Idp } from "../support/scim";
import { find, logged, told } from "../support/story";
import { expect, expectAccessible, freshSlug, mayComplain, signIn, test } from "../support/test";
import { agents, type Ground } from "../support/wrong";
import { inside } from "../support/wrongInside";
import { outside } from "../support/wrongOutside";

const wrongs = [...outside, ...inside];

expect(wrongs.length).toBeGreaterThanOrEqual(30);

// Each has a tenant of its own; the last of all files would keep one worker long after the others are done.
test.describe.configure({ mode: "parallel" });

for (const [at, wrong] of wrongs.entries()) {
  test(`${wrong.what}: found by name, with cause and remedy`, async ({ page, service }) => {
    const slug = freshSlug("wrong");
    service.tenant("Wrong Ltd", slug);
    const idp = wrong.idp ?? "other";
    const args = ["token", "create", slug, "--idp", idp, "--name", "Prod", ...(wrong.flags ?? [])];
    const { token, credential } = service.run<{ token: string; credential: { id: string } }>(args);
    const base = `${service.url}/scim/${slug}/v2`;
    const as = (token: string, agent?: string) => new Idp(base, token, agent ?? agents[idp]);
    await signIn(page);
    const ground: Ground = {
      service,
      slug,
      base,
      idp: as(token),
      token,
      tokenId: credential.id,
      name: `ada@${slug}.test`,
      human: "Ada Byron",
      with: as,
      raw: async (method, path, headers, body) =>
        (
          await fetch(`${base}${path}`, {
            method,
            headers: { "user-agent": agents[idp], ...headers },
            ...(body ? { body } : {}),
          })
        ).status,
      api: async (method, path, data) => {
        const answer = await page.request[method](`/api/v1/tenants/${slug}${path}`, {
          ...(data ? { data } : {}),
          headers: { "x-directory-sync": "e2e" },
        });
        expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
        return (await answer.json()) as Answer["body"];
      },
    };
    const happened = await wrong.happens(ground);
    const [came, name] = Array.isArray(happened) ? happened : [happened, ground.name];
    expect(came).toBe(wrong.status);
    await logged(page, slug, 1);

    // A page of somebody who is gone is asked for in vain before the story is.
    mayComplain(page, /404/);
    await page.goto(`/t/${slug}/log`);
    // Before it is known who is signed in the page has another heading, and no keys yet.
    await expect(page.getByRole("heading", { level: 1, name: "Sync log" })).toBeVisible();
    await find(page, name);
    const item = told(page).filter({ hasText: wrong.cause }).first();
    await expect(item).toBeVisible();
    await item.locator("summary").filter({ hasText: "What to do" }).press("Enter");
    await expect(item.getByText(wrong.remedy)).toBeVisible();
    // It is the same page each time.
    if (at % 8 === 0) await expectAccessible(page);
  });
}
