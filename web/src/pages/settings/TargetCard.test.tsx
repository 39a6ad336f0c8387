import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Tenant } from "../../api/types";
import { draw } from "../../test/draw";
import { TargetCard } from "./TargetCard";

const tenant = (acknowledgementTargetSeconds: number | undefined): Tenant => ({
  id: "0192a000-aaaa-7000-8000-000000000001",
  slug: "acme",
  name: "Acme Corp",
  state: "active",
  logBodies: "masked",
  logDays: 90,
  changeDays: 90,
  acknowledgementTargetSeconds,
  ceiling: { rule: "general" },
  scimUrl: "https://sync.example.com/scim/acme/v2",
  createdAt: "2026-05-12T08:00:00Z",
  rights: [],
  people: { total: 1, active: 1 },
  groups: 0,
  connections: [],
  day: { requests: 0, refused: 0 },
  health: "working",
});

async function choose(kept: number | undefined, label: string) {
  const save = vi.fn(async () => undefined);
  const { user } = draw(<TargetCard tenant={tenant(kept)} onSave={save} />);
  const button = await screen.findByRole("button", { name: "Save" });
  expect(button).toBeDisabled();
  await user.selectOptions(screen.getByLabelText("A change is acknowledged within"), label);
  await user.click(button);
  return save;
}

it("saves that there is no time", async () => {
  expect(await choose(300, "No time: nobody is late")).toHaveBeenCalledExactlyOnceWith(null);
});

it("saves a time where there was none", async () => {
  expect(await choose(undefined, "15 minutes")).toHaveBeenCalledExactlyOnceWith(900);
});

it("offers a time that was set elsewhere", async () => {
  draw(<TargetCard tenant={tenant(45)} onSave={vi.fn(async () => undefined)} />);
  expect(await screen.findByLabelText("A change is acknowledged within")).toHaveDisplayValue("45 seconds");
});
