import { expect, it } from "vitest";
import type { SyncEventSummary } from "../../api/types";
import type { CauseCode } from "../../messages/cause";
import { groupProblems } from "./problems";

const event = (at: string, code: CauseCode | undefined, status = 409): SyncEventSummary => ({
  id: at,
  at,
  outcome: status < 500 ? "rejected" : "failed",
  status,
  method: "POST",
  path: "/Users",
  sentence: "",
  durationMs: 1,
  repairs: 0,
  ...(code === undefined ? {} : { cause: { code, params: {} } }),
});

it("groups problems by cause, newest group first, each with its newest request", () => {
  const groups = groupProblems([
    event("2026-01-03", "uniqueness"),
    event("2026-01-05", "internal", 500),
    event("2026-01-04", "uniqueness"),
    event("2026-01-01", undefined, 404),
  ]);
  expect(groups.map(({ code, count, newest }) => [code, count, newest.at])).toEqual([
    ["internal", 1, "2026-01-05"],
    ["uniqueness", 2, "2026-01-04"],
    [undefined, 1, "2026-01-01"],
  ]);
});
