import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { ConnectionHealthReport } from "../../api/types";
import { draw } from "../../test/draw";
import { ConnectionCard } from "./ConnectionCard";
import { spanOf } from "./cycle";

const cycle = {
  startedAt: "2026-05-12T10:00:00.000000Z",
  endedAt: "2026-05-12T10:04:12.500000Z",
  running: false,
  accepted: 3_000,
  rejected: 6_000,
  failed: 0,
  changes: 12,
};

const report = (more: Partial<ConnectionHealthReport> = {}): ConnectionHealthReport => ({
  connectionId: "0192a000-aaaa-7000-8000-000000000001",
  name: "Staff",
  idp: "entra",
  health: "working",
  lastRequestAt: cycle.endedAt,
  rhythm: { usualSeconds: 2_400, silentAfterSeconds: 7_200 },
  cycles: [cycle],
  strict: false,
  repairs: [],
  ...more,
});

const show = (more: Partial<ConnectionHealthReport>) => draw(<ConnectionCard slug="acme" report={report(more)} />);

const href = (name: string | RegExp) =>
  new URL(screen.getByRole("link", { name }).getAttribute("href") ?? "", "http://x");

it("says what is usual, and how the newest cycle went", () => {
  show({});
  expect(screen.getByText(/about every 40 minutes/)).toBeVisible();
  expect(screen.getByText("(silent after 2 h)")).toBeVisible();
  const row = screen.getAllByRole("row")[1];
  expect(row).toBeDefined();
  if (row)
    expect(
      within(row)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["4 min", "3,000", "6,000", "0", "12"]);
});

it("a cycle leads to its requests, the last one among them, and one that goes on has no end", () => {
  expect(spanOf(cycle)).toEqual({ from: "2026-05-12T10:00:00.000Z", to: "2026-05-12T10:04:13.500Z" });
  expect(spanOf({ ...cycle, running: true })).toEqual({ from: "2026-05-12T10:00:00.000Z" });
});

it("says in the IdP's own words where to look when a connection is silent", () => {
  show({ health: "silent", idp: "okta" });
  expect(screen.getByText("Silent")).toBeVisible();
  expect(screen.getByText(/^In Okta: your app, Provisioning/)).toBeVisible();
});

it.each([
  ["near", "Microsoft Entra may put this connection into quarantine"],
  ["beyond", "Beyond the limits from which Microsoft Entra puts a connection into quarantine"],
] as const)(
  "%s Entra's limits it says what that means, what to do, and leads to what was refused",
  (distance, title) => {
    show({ health: "failing", quarantine: { refused: 6_000, requests: 9_000, distance } });
    expect(screen.getByRole("heading", { name: title })).toBeVisible();
    expect(screen.getByText(/^6,000 of 9,000 requests .* after four weeks not at all\.$/)).toBeVisible();
    expect(screen.getByText(/choose Restart provisioning/)).toBeVisible();
    expect(screen.queryByText(/^Half or more/)).toBeNull();
    expect(Object.fromEntries(href("Show what was refused").searchParams)).toEqual({
      outcome: "rejected",
      connection: report().connectionId,
      ...spanOf(cycle),
    });
  },
);

it("far from Entra's limits nothing is said of them; failing leads to what failed where nothing was rejected", () => {
  show({
    health: "failing",
    cycles: [{ ...cycle, accepted: 0, rejected: 0, failed: 7 }],
    quarantine: { refused: 7, requests: 7, distance: "far" },
  });
  expect(screen.queryByText(/quarantine/)).toBeNull();
  expect(screen.getByRole("heading", { name: /^Half or more/ })).toBeVisible();
  expect(href("Show what was refused").searchParams.get("outcome")).toBe("failed");
});

const repairs: ConnectionHealthReport["repairs"] = [
  { rule: "boolean_from_text", count: 312, lastAt: cycle.endedAt, lastEventId: "0192a000-aaaa-7000-8000-00000000000e" },
];

it("tells repairs by their rule with an example, and what being strict would mean", () => {
  show({ repairs });
  expect(screen.getByText("We read “True” as true or “False” as false 312 times")).toBeVisible();
  expect(screen.getByText(/^Nothing has to be done\. .* in Entra, .* \?aadOptscim062020\.$/)).toBeVisible();
  expect(screen.getByText("If this connection were strict, these would be refused.")).toBeVisible();
  expect(href(/^Example ?\(We read/).pathname).toBe("/t/acme/log/0192a000-aaaa-7000-8000-00000000000e");
});

it.each([
  [{ strict: true, repairs }, /The connection is strict now/],
  [{ strict: false }, /^Nothing had to be rewritten. If this connection were strict, nothing/],
])("what being strict means is true for %j", (more, sentence) => {
  show(more);
  expect(screen.getByText(sentence)).toBeVisible();
});

it.each([
  [undefined, "Microsoft Entra ID"],
  [{ idp: "entra", confidence: "sure" }, "Microsoft Entra ID"],
  [{ idp: "entra", confidence: "likely" }, "Microsoft Entra ID (likely)"],
  [{ idp: "okta", confidence: "guess" }, "Microsoft Entra ID, requests look like Okta (a guess)"],
] as const)("of a connection for Entra that shows %j it says “%s”", (recognised, words) => {
  show(recognised ? { recognised } : {});
  expect(screen.getByText(words, { exact: true })).toBeVisible();
});

it("says what ends soon, and leads to where it is renewed", () => {
  const endsAt = new Date(Date.now() + 13.5 * 86_400_000).toISOString();
  const end = { credentialId: "0192a000-aaaa-7000-8000-000000000002", name: "Prod", endsAt } as const;
  show({
    credentialEnds: [
      { ...end, kind: "bearer_token" },
      { ...end, kind: "oauth_client", secretStartsWith: "dss_9aB2" },
    ],
  });
  expect(screen.getByText("Ends soon")).toBeVisible();
  expect(screen.getAllByText("in 13 days")).toHaveLength(2);
  expect(href("the token Prod").pathname).toBe("/t/acme/credentials");
  expect(href("a secret of Prod").searchParams.get("client")).toBe(end.credentialId);
});

it("says nothing of ends where there are none, or to those who may not see credentials", () => {
  show({ credentialEnds: [] });
  show({});
  expect(screen.queryByText("Ends soon")).toBeNull();
});
