import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { preferences } from "../preferences";
import { draw } from "../test/draw";
import { distance, Time } from "./Time";

describe("distance", () => {
  const now = Date.parse("2026-05-12T12:00:00Z");
  it.each([
    ["2026-05-12T11:58:01Z", { value: -1, unit: "minute" }],
    ["2026-05-12T09:00:00Z", { value: -3, unit: "hour" }],
    ["2026-06-04T12:00:00Z", { value: 23, unit: "day" }],
    ["2027-03-01T12:00:00Z", { value: 293, unit: "day" }],
    ["2024-05-01T12:00:00Z", { value: -2, unit: "year" }],
    ["2026-05-12T12:00:30Z", { value: 30, unit: "second" }],
  ])("to %s is %o", (at, expected) => {
    expect(distance(Date.parse(at), now)).toEqual(expected);
  });
});

describe("a moment", () => {
  it("of the past never lies in the future, whatever the clocks say", () => {
    draw(<Time at={new Date(Date.now() + 90_000).toISOString()} />);
    expect(screen.getByText("just now")).toBeVisible();
  });

  it("is shown in UTC when chosen, and carries the exact time", () => {
    preferences.change({ times: "utc" });
    draw(<Time at="2026-05-12T12:00:00.123456Z" />);
    const shown = screen.getByText("2026-05-12 12:00:00 UTC");
    expect(shown).toHaveAttribute("datetime", "2026-05-12T12:00:00.123Z");
    expect(shown).toHaveAttribute("title");
    preferences.change({ times: "relative" });
  });

  it("that cannot be read is shown as it came", () => {
    draw(<Time at="soon" />);
    expect(screen.getByText("soon")).toBeVisible();
  });
});
