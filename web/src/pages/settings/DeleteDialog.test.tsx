import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Tenant } from "../../api/types";
import { draw } from "../../test/draw";
import { DeleteDialog } from "./DeleteDialog";

const tenant: Tenant = {
  id: "0192a000-aaaa-7000-8000-000000000001",
  slug: "acme",
  name: "Acme Corp",
  state: "active",
  ceiling: { rule: "general" },
  scimUrl: "https://sync.example.com/scim/acme/v2",
  createdAt: "2026-05-12T08:00:00Z",
  rights: [],
  people: { total: 1284, active: 1200 },
  groups: 86,
  connections: [{ id: "1", name: "Entra", idp: "entra", state: "open" }],
  liveCredentials: 2,
  day: { requests: 0, refused: 0 },
  health: "working",
  logBodies: "masked",
  logDays: 90,
  changeDays: 90,
};

it("names what goes with the tenant, and deletes it only when its short name is typed", async () => {
  const [confirm, close] = [vi.fn(async () => undefined), vi.fn()];
  const { user } = draw(<DeleteDialog tenant={tenant} isOpen onConfirm={confirm} onClose={close} />);
  const facts = screen.getAllByRole("definition").map((fact) => fact.textContent);
  expect(facts).toEqual(["1,284", "86", "1", "2"]);
  const act = screen.getByRole("button", { name: "Delete tenant" });
  await user.type(screen.getByRole("textbox"), "Acme Corp");
  expect(act).toBeDisabled();
  await user.clear(screen.getByRole("textbox"));
  await user.type(screen.getByRole("textbox"), "acme");
  await user.click(act);
  expect(confirm).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
});
