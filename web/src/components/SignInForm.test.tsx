import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { draw } from "../test/draw";
import { SignInForm } from "./SignInForm";

const session = { admin: { id: "a", email: "ada@acme.test", name: "Ada", operator: false }, tenants: [], rights: [] };
const sent = vi.fn<(body: unknown) => Response>();
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => sent(await (given as Request).json()));
});
afterEach(() => sent.mockReset());

async function begin() {
  const signedIn = vi.fn();
  const { user } = draw(<SignInForm email="ada@acme.test" onSignedIn={signedIn} />);
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  return { user, signedIn };
}

const given = { email: "ada@acme.test", password: "correct horse" };

it("signs in with the password where that is enough", async () => {
  sent.mockReturnValue(json(200, session));
  const { signedIn } = await begin();
  expect(sent).toHaveBeenCalledExactlyOnceWith(given);
  expect(signedIn).toHaveBeenCalledOnce();
});

it("asks for a code where the service does, without asking for the password again", async () => {
  sent.mockReturnValueOnce(json(401, { code: "code_needed" })).mockReturnValueOnce(json(200, session));
  const { user, signedIn } = await begin();
  expect(screen.queryByLabelText("Password")).toBeNull();
  await user.type(await screen.findByLabelText("Code"), "123 456");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(sent).toHaveBeenLastCalledWith({ ...given, code: "123456" });
  expect(signedIn).toHaveBeenCalledOnce();
});

it("says when a code is not good, and takes another", async () => {
  sent.mockReturnValueOnce(json(401, { code: "code_needed" })).mockReturnValueOnce(json(401, { code: "code_wrong" }));
  const { user, signedIn } = await begin();
  await user.type(await screen.findByLabelText("Code"), "000000");
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByText(/This code is not good/)).toBeVisible();
  expect(screen.getByLabelText("Code")).toHaveValue("");
  expect(signedIn).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Start over" }));
  expect(screen.getByLabelText("Password")).toHaveValue("");
});
