import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Failure } from "../api/failure";
import { draw } from "../test/draw";
import { ConfirmDialog } from "./ConfirmDialog";

const ask = (properties: Partial<Parameters<typeof ConfirmDialog>[0]>) =>
  draw(
    <ConfirmDialog
      title="Revoke “Prod”?"
      isOpen
      action="Revoke token"
      onConfirm={vi.fn()}
      onClose={vi.fn()}
      {...properties}
    >
      <p>Final.</p>
    </ConfirmDialog>,
  );

it("wants the name of what is in use typed first", async () => {
  const confirm = vi.fn(async () => undefined);
  const { user } = ask({ typed: "Prod", onConfirm: confirm });
  const act = screen.getByRole("button", { name: "Revoke token" });
  expect(act).toBeDisabled();
  await user.type(screen.getByRole("textbox"), "Pro");
  expect(act).toBeDisabled();
  await user.type(screen.getByRole("textbox"), "d");
  await user.click(act);
  expect(confirm).toHaveBeenCalledOnce();
});

it("starts on Cancel, so that Enter alone harms nothing", async () => {
  const [confirm, close] = [vi.fn(), vi.fn()];
  const { user } = ask({ onConfirm: confirm, onClose: close });
  await waitFor(() => expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus());
  await user.keyboard("{Enter}");
  expect(close).toHaveBeenCalled();
  expect(confirm).not.toHaveBeenCalled();
});

it("stays open with the reason when the act fails", async () => {
  const close = vi.fn();
  const { user } = ask({
    onConfirm: async () => {
      throw new Failure({ status: 500, code: "internal", requestId: "01JD" });
    },
    onClose: close,
  });
  await user.click(screen.getByRole("button", { name: "Revoke token" }));
  expect(await screen.findByText("The service failed. Nothing was half done.")).toBeVisible();
  expect(screen.getByText("01JD")).toBeVisible();
  expect(close).not.toHaveBeenCalled();
});
