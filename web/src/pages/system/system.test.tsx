import { render, screen, within } from "@testing-library/react";
import type { ReactElement } from "react";
import { expect, it } from "vitest";
import type { System } from "../../api/types";
import { MessagesProvider } from "../../messages";
import { ConditionMessages } from "../../messages/condition";
import { deCondition } from "../../messages/condition.de";
import { enCondition } from "../../messages/condition.en";
import { en } from "../../messages/en";
import { Condition } from "./Condition";
import { FailingTenants } from "./Failing";

const started = "2026-05-12T10:00:00.000000Z";

const node = (name: string, more: Partial<System["nodes"][number]> = {}): System["nodes"][number] => ({
  id: `id-of-${name}`,
  name,
  version: "1.2.3",
  address: "127.0.0.1:8080",
  startedAt: started,
  seenAt: started,
  present: true,
  current: false,
  ...more,
});

const system = (more: Partial<System> = {}): System => ({
  version: "1.2.3",
  database: "sqlite",
  databaseBytes: 12_345_678,
  publicUrl: "https://sync.example.com",
  startedAt: started,
  tenants: 1_204,
  waitingWrites: 3,
  logQueue: { waiting: 17, lost: 0 },
  lastHour: { minutes: 60, requests: 0, rejected: 0, failed: 0 },
  migrations: [
    { history: "directory", made: 16, newest: "m0016_nodes" },
    { history: "sync_log", made: 6, newest: "m0014_recognition" },
  ],
  configuration: [{ name: "listen", value: "127.0.0.1:8080" }, { name: "mail.url" }],
  nodes: [],
  checks: [{ name: "database", passed: true, millis: 2 }],
  ...more,
});

const draw = (element: ReactElement) =>
  render(
    <MessagesProvider value={en}>
      <ConditionMessages.Provide value={enCondition}>{element}</ConditionMessages.Provide>
    </MessagesProvider>,
  );

const show = (more: Partial<System> = {}) => draw(<Condition system={system(more)} />);

const section = (name: string) => within(screen.getByRole("region", { name }));

it("says what the service is made of, and what waits", () => {
  show();
  expect(section("Service").getByText("12.3 MB")).toBeVisible();
  expect(section("Service").getByText("1,204")).toBeVisible();
  expect(section("Queues of this node").getByText("17")).toBeVisible();
  expect(section("Queues of this node").queryByText(/could not be written/)).toBeNull();
  expect(section("Migrations").getByText("16 made, the newest is m0016_nodes")).toBeVisible();
});

it("says how much came in the last hour, what of it failed, and how fast the answers were", () => {
  show({
    lastHour: { minutes: 60, requests: 7_200, rejected: 36, failed: 9, p50Ms: 5, p95Ms: 50, p99Ms: 2_000 },
    longestWriteMillis: 40,
    logQueue: { waiting: 2, longestMillis: 1_500, lost: 0 },
  });
  const hour = section("The last hour");
  expect(hour.getByText("7,200")).toBeVisible();
  expect(hour.getByText("120")).toBeVisible();
  expect(hour.getByText("9 (0.13%)")).toBeVisible();
  expect(hour.getByText("36 (0.5%)")).toBeVisible();
  expect(hour.getByText("5 ms, 50 ms, 2 sec")).toBeVisible();
  expect(section("Queues of this node").getByText("3, the longest for 40 ms")).toBeVisible();
  expect(section("Queues of this node").getByText("2, the longest for 1.5 sec")).toBeVisible();
});

it("shares nothing where nothing came, and says of a young node since when it counts", () => {
  show({ lastHour: { minutes: 4, requests: 0, rejected: 0, failed: 0 } });
  const hour = section("The last hour");
  expect(hour.getAllByText("0")).toHaveLength(4);
  expect(hour.getByText("Of this node, since its start 4 minutes ago.")).toBeVisible();
  expect(hour.queryByText(/answered within/)).toBeNull();
});

it("says what is not there yet, and when it comes", () => {
  show();
  expect(section("Nodes").getByText(/^No node has said yet/)).toBeVisible();
  expect(section("Retention").getByText(/^There was no round yet/)).toBeVisible();
});

it("a check that passed needs no remedy, one that failed has it", () => {
  show({
    checks: [
      { name: "database", passed: true, millis: 2 },
      { name: "writable", passed: false },
      { name: "clock", passed: false, millis: 90_000 },
    ],
  });
  const lines = section("Self checks").getAllByRole("listitem");
  expect(lines.map((line) => line.textContent)).toEqual([
    "As it should beThe database answerswithin 2 ms",
    expect.stringMatching(/^Not as it should beData can be writtenLook at whether the disk/),
    expect.stringMatching(/^Not as it should beThe database's clock shows the same time1.5 min apartSet both clocks/),
  ]);
});

it("names the node that answers and those that are gone", () => {
  show({ nodes: [node("a", { present: false }), node("b", { current: true })] });
  const rows = section("Nodes").getAllByRole("row").slice(1);
  expect(rows.map((row) => within(row).getByRole("rowheader").textContent)).toEqual([
    expect.stringMatching(/^a127/),
    expect.stringMatching(/^b \(answers you\)/),
  ]);
  expect(rows.map((row) => within(row).getAllByRole("cell").at(-1)?.textContent)).toEqual(["Not seen", "Running"]);
});

it.each([
  [{ removed: 1 }, "1 row"],
  [{ removed: 20_331 }, "20,331 rows"],
  [{}, "Cut short; the next round goes on"],
])("of a round of retention with %j it says “%s”", (more, words) => {
  show({ retention: { beganAt: started, tookMillis: 1_500, nextAt: started, ...more } });
  expect(section("Retention").getByText(words)).toBeVisible();
  expect(section("Retention").getByText("1.5 sec")).toBeVisible();
});

it("lost log entries are marked and explained", () => {
  show({ logQueue: { waiting: 0, lost: 12 } });
  expect(section("Queues of this node").getByText("12")).toBeVisible();
  expect(section("Queues of this node").getByText(/could not be written for a minute/)).toBeVisible();
});

const failing = (slug: string) => ({ id: slug, slug, name: `Tenant ${slug}`, day: { requests: 2_380, refused: 64 } });

it("shows five tenants that fail, and leads to all of them", () => {
  draw(<FailingTenants tenants={["a", "b", "c", "d", "e", "f"].map(failing)} />);
  const rows = screen.getAllByRole("row").slice(1);
  expect(rows).toHaveLength(5);
  expect(rows[0]?.textContent).toBe("Tenant a64 of 2,380");
  expect(screen.getByRole("link", { name: "Tenant a" })).toHaveAttribute("href", "/t/a");
  const all = screen.getByRole("link", { name: "Show all that fail" }).getAttribute("href") ?? "";
  expect(Object.fromEntries(new URL(all, "http://x").searchParams)).toEqual({
    standing: "failing",
    sort: "refused",
    desc: "1",
  });
});

it("says so when no tenant fails, and leads nowhere when all that do are shown", () => {
  const { unmount } = draw(<FailingTenants tenants={[]} />);
  expect(screen.getByText("No tenant fails")).toBeVisible();
  unmount();
  draw(<FailingTenants tenants={[failing("a")]} />);
  expect(screen.queryByRole("link", { name: "Show all that fail" })).toBeNull();
});

it("a secret that is set is named and not shown", () => {
  show();
  const rows = section("Configuration in force").getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual(["listen127.0.0.1:8080", "mail.urlSet, hidden"]);
});

it.each([
  [0, "0 byte", "0 Byte"],
  [999, "999 byte", "999 Byte"],
  [1_500, "1.5 kB", "1,5 kB"],
  [12_345_678, "12.3 MB", "12,3 MB"],
  [4_200_000_000, "4.2 GB", "4,2 GB"],
])("%d bytes are said in the unit that fits", (bytes, english, german) => {
  expect(enCondition.condition.bytes(bytes)).toBe(english);
  expect(deCondition.condition.bytes(bytes).replace("\u00a0", " ")).toBe(german);
});
