/** A token is rotated in the console: nothing is refused meanwhile, and the old one goes when the traffic has moved. */
import { expect, expectAccessible, freshSlug, signIn, test } from "../support/test";

test("a token rotates without a refused request", async ({ page, service }) => {
  const slug = freshSlug("rotation");
  service.tenant("Rotating Ltd", slug);
  const old = service.token(slug, "okta", "Prod");
  const ask = async (token: string) =>
    (await fetch(`${service.url}/scim/${slug}/v2/Users?count=0`, { headers: { authorization: `Bearer ${token}` } }))
      .status;
  expect(await ask(old)).toBe(200);

  await signIn(page);
  await page.goto(`/t/${slug}/credentials`);
  await page.getByRole("button", { name: "Actions for “Prod”" }).click();
  await page.getByRole("menuitem", { name: "Rotate" }).click();
  const dialog = page.getByRole("dialog", { name: "Rotation of “Prod”" });
  await expect(dialog.getByText(/Both work, so nothing stops/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Issue the new token" }).click();
  const shown = page.getByRole("dialog", { name: /Prod/ });
  const token = await shown.getByRole("textbox", { name: "Token" }).inputValue();
  await shown.getByRole("button", { name: "I have stored it" }).click();

  const note = page.getByRole("region", { name: "Rotation of “Prod”" });
  await expect(note.getByText(/No request since the new token was issued/)).toBeVisible();
  expect(await ask(old)).toBe(200);
  await expect(note.getByText(/0 of 1 request since the new token was issued used it/)).toBeVisible();
  // Nobody should yet, so it is in a menu, and its question says how much still comes with the old one.
  const revoke = page.getByRole("alertdialog");
  await expect(note.getByRole("button", { name: "Revoke the old token" })).toHaveCount(0);
  await note.getByRole("button", { name: "More about the rotation of “Prod”" }).click();
  await page.getByRole("menuitem", { name: "Revoke the old token anyway" }).click();
  await expect(revoke.getByText(/1 of 1 request since the new token was issued still came with this/)).toBeVisible();
  await expect(revoke.getByText(/refused from its next request on/)).toBeVisible();
  await expectAccessible(page);
  await revoke.getByRole("button", { name: "Cancel" }).click();
  expect(await ask(token)).toBe(200);
  expect(await ask(old)).toBe(200);
  await expect(note.getByText(/1 of 3 requests since the new token was issued used it/)).toBeVisible();
  for (let n = 0; n < 4; n += 1) expect(await ask(token)).toBe(200);
  await expect(note.getByText(/4 of 4 requests since .*\d\d:\d\d use the new token/)).toBeVisible();
  await expectAccessible(page);

  // It may go by itself as well; whoever wanted that calls it off.
  await note.getByRole("button", { name: "Revoke it by itself once quiet for 24 h" }).click();
  await expect(note.getByText(/At the earliest/)).toBeVisible();
  await expectAccessible(page);
  await note.getByRole("button", { name: "Call it off" }).click();
  await expect(note.getByText(/At the earliest/)).toBeHidden();

  await note.getByRole("button", { name: "Revoke the old token", exact: true }).click();
  await revoke.getByRole("textbox").fill("Prod");
  await revoke.getByRole("button", { name: "Revoke token" }).click();
  await expect(note).toBeHidden();
  expect(await ask(old)).toBe(401);
  expect(await ask(token)).toBe(200);
});
