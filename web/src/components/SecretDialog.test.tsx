import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { draw } from "../test/draw";
import { SecretDialog } from "./SecretDialog";

const secret = { name: "Prod", token: "dsk_7Kq2_secret", scimUrl: "https://sync.example.com/scim/acme/v2" };

it("shows token and address to take away", () => {
  draw(<SecretDialog secret={secret} onClose={vi.fn()} />);
  expect(screen.getByRole("dialog", { name: "Token of “Prod”" })).toBeVisible();
  expect(screen.getByLabelText("Token")).toHaveValue(secret.token);
  expect(screen.getByLabelText("SCIM URL")).toHaveValue(secret.scimUrl);
});

it("closes by the word that it is stored", async () => {
  const close = vi.fn();
  const { user } = draw(<SecretDialog secret={secret} onClose={close} />);
  await user.click(screen.getByRole("button", { name: "I have stored it" }));
  expect(close).toHaveBeenCalledOnce();
});

it("asks on Esc, and stays when told so", async () => {
  const close = vi.fn();
  const { user } = draw(<SecretDialog secret={secret} onClose={close} />);
  await user.keyboard("{Escape}");
  expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
  expect(close).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Keep open" }));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(screen.getByLabelText("Token")).toHaveValue(secret.token);
});

it("closes after the question when the reader insists", async () => {
  const close = vi.fn();
  const { user } = draw(<SecretDialog secret={secret} onClose={close} />);
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Close without storing" }));
  expect(close).toHaveBeenCalledOnce();
});

it("copies the token and says so", async () => {
  const { user } = draw(<SecretDialog secret={secret} onClose={vi.fn()} />);
  await user.click(screen.getByRole("button", { name: "Copy Token" }));
  expect(await navigator.clipboard.readText()).toBe(secret.token);
  await waitFor(() => expect(screen.getAllByText("Copied").length).toBeGreaterThan(0));
});

it("selects the token when the clipboard is refused", async () => {
  const { user } = draw(<SecretDialog secret={secret} onClose={vi.fn()} />);
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("denied"));
  await user.click(screen.getByRole("button", { name: "Copy Token" }));
  await screen.findByText(/The browser refused/);
  const field = screen.getByLabelText<HTMLInputElement>("Token");
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, secret.token.length]);
});

it("leaves nothing in the page once it is gone", () => {
  const { rerender } = draw(<SecretDialog secret={secret} onClose={vi.fn()} />);
  rerender(<SecretDialog secret={undefined} onClose={vi.fn()} />);
  expect(document.body.innerHTML).not.toContain(secret.token);
});

const client = {
  name: "Prod",
  scimUrl: secret.scimUrl,
  tokenUrl: "https://sync.example.com/oauth/acme/token",
  clientId: "dsc_7Kq2",
};

it("shows all that an IdP needs of a client, and guards its secret", async () => {
  const close = vi.fn();
  const { user } = draw(<SecretDialog secret={{ ...client, clientSecret: "dss_secret" }} onClose={close} />);
  expect(screen.getByRole("dialog", { name: "OAuth client “Prod”" })).toBeVisible();
  const shown = ["SCIM URL", "Token URL", "Client ID", "Client secret"].map((name) => screen.getByLabelText(name));
  const values = [client.scimUrl, client.tokenUrl, client.clientId, "dss_secret"];
  expect(shown.map((field) => (field as HTMLInputElement).value)).toEqual(values);
  await user.keyboard("{Escape}");
  expect(screen.getByRole("alert")).toHaveTextContent("client secret cannot be shown again");
  expect(close).not.toHaveBeenCalled();
});

it("guards nothing of a client without a secret", async () => {
  const close = vi.fn();
  const { user } = draw(<SecretDialog secret={{ ...client, clientSecret: undefined }} onClose={close} />);
  expect(screen.queryByLabelText("Client secret")).toBeNull();
  expect(screen.queryByRole("button", { name: "I have stored it" })).toBeNull();
  await user.keyboard("{Escape}");
  expect(close).toHaveBeenCalledOnce();
});
