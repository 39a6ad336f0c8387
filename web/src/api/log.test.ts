import { expect, test } from "vitest";
import { Failure } from "./failure";
import { eventQuery } from "./log";

/** An id that was made at this time. */
const idAt = (millis: number) => {
  const hex = millis.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

const again = (event: string, status: number, times: number) => {
  const { retry } = eventQuery("acme", event);
  return typeof retry === "function" && retry(times, new Failure({ status, code: "not_found" }));
};

test("a request that came just now is asked for again while its event is on the way", () => {
  expect(again(idAt(Date.now() - 1_000), 404, 5)).toBe(true);
  expect(again(idAt(Date.now() - 60_000), 404, 0)).toBe(false);
  expect(again("never-was", 404, 0)).toBe(false);
});

test("a refusal is not asked for again, and a service that is away once", () => {
  const young = idAt(Date.now());
  expect([again(young, 403, 0), again(young, 503, 0), again(young, 503, 1)]).toEqual([false, true, false]);
});
