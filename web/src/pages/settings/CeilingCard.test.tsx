import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Tenant } from "../../api/types";
import { draw } from "../../test/draw";
import { Card } from "./CeilingCard";
import { limitOf } from "./ceiling";

const tenant = (ceiling: Tenant["ceiling"]): Tenant => ({
  id: "0192a000-aaaa-7000-8000-000000000001",
  slug: "acme",
  name: "Acme Corp",
  state: "active",
  logBodies: "masked",
  logDays: 90,
  changeDays: 90,
  ceiling,
  scimUrl: "https://sync.example.com/scim/acme/v2",
  createdAt: "2026-05-12T08:00:00Z",
  rights: [],
  people: { total: 1, active: 1 },
  groups: 0,
  connections: [],
  day: { requests: 0, refused: 0 },
  health: "working",
});

it("saves a limit of the tenant's own only when it is a number that can be one", async () => {
  const change = vi.fn(async () => undefined);
  const { user } = draw(
    <Card tenant={tenant({ rule: "general", requestsPerSecond: 50, general: 50 })} onChange={change} />,
  );
  expect(screen.getByText("50 requests a second, from the service's configuration.")).toBeInTheDocument();
  const save = screen.getByRole("button", { name: "Save limit" });
  expect(save).toBeDisabled();
  await user.click(screen.getByRole("radio", { name: /Its own limit/ }));
  expect(save).toBeDisabled();
  const field = screen.getByRole("textbox", { name: "Requests a second" });
  await user.type(field, "0");
  expect(screen.getByText("A whole number from 1 to 100,000.")).toBeInTheDocument();
  expect(save).toBeDisabled();
  await user.clear(field);
  await user.type(field, "25");
  await user.click(save);
  expect(change).toHaveBeenCalledExactlyOnceWith({ rule: "own", requestsPerSecond: 25 });
});

it("shows those who may not set it what holds and who may", () => {
  draw(<Card tenant={tenant({ rule: "own", requestsPerSecond: 1, general: 50 })} onChange={undefined} />);
  expect(screen.getByText("1 request a second")).toBeInTheDocument();
  expect(screen.getByText("Its own limit. Only an operator of the service can change it.")).toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});

it("reads whole numbers only", () => {
  expect(["1", " 100000 ", "0", "100001", "1.5", "-1", "1e3", ""].map(limitOf)).toEqual([
    1,
    100_000,
    ...Array(6).fill(undefined),
  ]);
});
