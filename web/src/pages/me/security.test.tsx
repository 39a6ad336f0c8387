import { screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SignInState } from "../../api/signIn";
import { draw } from "../../test/draw";
import { PasskeysCard } from "./PasskeysCard";
import { SecondFactorCard } from "./SecondFactorCard";

const sent = vi.fn<(call: string, body: unknown) => Response>();
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => {
    const request = given as Request;
    const body = await request.text();
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    return sent(`${request.method} ${path}`, body === "" ? undefined : JSON.parse(body));
  });
});
afterEach(() => sent.mockReset());

const off: SignInState = { hasPassword: true, recoveryCodesLeft: 0, passkeys: [], provider: false };
const on: SignInState = { ...off, totpSince: "2026-05-12T12:00:00Z", recoveryCodesLeft: 2 };
const order = { secret: "JBSWY3DP", uri: "otpauth://totp/x", qr: "data:image/svg+xml;base64,PHN2Zy8+" };

describe("the second factor", () => {
  it("is on only when the app has shown a code that fits, and then gives recovery codes once", async () => {
    sent
      .mockReturnValueOnce(json(200, order))
      .mockReturnValueOnce(json(401, { code: "code_wrong" }))
      .mockReturnValueOnce(json(200, { recoveryCodes: ["aaaa-bbbb", "cccc-dddd"] }));
    const changed = vi.fn();
    const { user } = draw(<SecondFactorCard state={off} onChanged={changed} />);
    await user.click(screen.getByRole("button", { name: "Set up app" }));
    expect(await screen.findByRole("img", { name: /Picture with the key/ })).toHaveAttribute("src", order.qr);
    expect(screen.getByLabelText("Key")).toHaveValue(order.secret);
    await user.type(screen.getByLabelText("Code the app shows"), "000000");
    await user.click(screen.getByRole("button", { name: "Turn on" }));
    expect(await screen.findByText(/This code is not good/)).toBeVisible();
    expect(changed).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText("Code the app shows"));
    await user.type(screen.getByLabelText("Code the app shows"), "123 456");
    await user.click(screen.getByRole("button", { name: "Turn on" }));
    expect(sent).toHaveBeenLastCalledWith("POST /me/totp/confirm", { code: "123456" });
    expect(await screen.findByText(/aaaa-bbbb/)).toBeVisible();
    expect(changed).toHaveBeenCalledOnce();
    await user.keyboard("{Escape}");
    expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
    await user.click(screen.getByRole("button", { name: "Close without storing" }));
    expect(screen.queryByText(/aaaa-bbbb/)).toBeNull();
  });

  it("offers the key again when asking for it failed", async () => {
    sent.mockReturnValueOnce(json(503, { code: "unavailable" })).mockReturnValueOnce(json(200, order));
    const { user } = draw(<SecondFactorCard state={off} onChanged={vi.fn()} />);
    await user.click(screen.getByRole("button", { name: "Set up app" }));
    await user.click(await screen.findByRole("button", { name: "Retry" }));
    expect(await screen.findByLabelText("Key")).toHaveValue(order.secret);
  });

  it("warns of few recovery codes, and makes others after a question", async () => {
    sent.mockReturnValueOnce(json(200, { recoveryCodes: ["eeee-ffff"] }));
    const { user } = draw(<SecondFactorCard state={on} onChanged={vi.fn()} />);
    expect(screen.getByText(/2 recovery codes left/)).toHaveTextContent("Make new ones before you need them.");
    await user.click(screen.getByRole("button", { name: "New recovery codes" }));
    expect(sent).not.toHaveBeenCalled();
    const buttons = screen.getAllByRole("button", { name: "New recovery codes" });
    await user.click(buttons.at(-1) as HTMLElement);
    expect(await screen.findByText(/eeee-ffff/)).toBeVisible();
    expect(sent).toHaveBeenCalledExactlyOnceWith("POST /me/recovery-codes", undefined);
  });

  it("is turned off after a question that names what that means", async () => {
    sent.mockReturnValueOnce(new Response(null, { status: 204 }));
    const changed = vi.fn();
    const { user } = draw(<SecondFactorCard state={on} onChanged={changed} />);
    await user.click(screen.getByRole("button", { name: "Turn off" }));
    expect(screen.getByRole("alertdialog")).toHaveTextContent("Your password alone lets you in then.");
    await user.click(screen.getAllByRole("button", { name: "Turn off" }).at(-1) as HTMLElement);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(sent).toHaveBeenCalledExactlyOnceWith("DELETE /me/totp", undefined);
  });
});

describe("passkeys", () => {
  const laptop = { id: "p/1", name: "Laptop", createdAt: "2026-05-12T12:00:00Z" };

  it("are not offered by a browser that knows none, but those there are can be removed", async () => {
    sent.mockReturnValueOnce(new Response(null, { status: 204 }));
    const changed = vi.fn();
    const { user } = draw(<PasskeysCard passkeys={[laptop]} onChanged={changed} />);
    expect(screen.queryByRole("button", { name: "Add passkey" })).toBeNull();
    expect(screen.getByText("This browser knows no passkeys.")).toBeVisible();
    expect(screen.getByText(/never used/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Remove passkey Laptop" }));
    await user.click(screen.getByRole("button", { name: "Remove passkey" }));
    await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
    expect(sent).toHaveBeenCalledExactlyOnceWith("DELETE /me/passkeys/p%2F1", undefined);
  });
});
