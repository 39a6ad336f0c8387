import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { draw } from "../test/draw";
import { type Bar, BarChart } from "./BarChart";

const bars: Bar[] = [0, 1, 2].map((at) => ({
  id: String(at),
  label: `hour ${at}`,
  short: String(at),
  parts: [at * 10, at, 0],
  href: `/hour/${at}`,
}));

function show() {
  const onOpen = vi.fn();
  const drawn = draw(
    <BarChart
      label="Requests per hour"
      whole="All hours"
      summary="33 requests."
      series={[
        { id: "accepted", label: "Accepted" },
        { id: "rejected", label: "Rejected" },
        { id: "failed", label: "Failed" },
      ]}
      bars={bars}
      number={String}
      openLabel="Show them"
      onOpen={onOpen}
    />,
  );
  return { ...drawn, onOpen, chart: screen.getByRole("slider", { name: "Requests per hour" }) };
}

const legend = () => screen.getAllByRole("listitem").map((item) => item.textContent);

it("names its figures: of all bars at first, of one while the mouse is over it", () => {
  const { chart } = show();
  expect(legend()).toEqual(["Accepted 30", "Rejected 3", "Failed 0"]);
  expect(chart).toHaveAccessibleDescription("33 requests.");
  vi.spyOn(chart, "getBoundingClientRect").mockReturnValue(new DOMRect(100, 0, 300, 100));
  fireEvent.pointerMove(chart, { clientX: 250, pointerType: "mouse" });
  expect(screen.getByText("hour 1")).toBeVisible();
  expect(legend()).toEqual(["Accepted 10", "Rejected 1", "Failed 0"]);
  fireEvent.pointerLeave(chart);
  expect(screen.getByText("All hours")).toBeVisible();
});

it("is walked by keys, says each bar, and opens it", async () => {
  const { user, chart, onOpen } = show();
  await user.tab();
  expect(chart).toHaveFocus();
  expect(chart).toHaveAttribute("aria-valuetext", "hour 2: 20 Accepted, 2 Rejected, 0 Failed");
  await user.keyboard("{ArrowLeft}");
  expect(chart).toHaveAttribute("aria-valuetext", "hour 1: 10 Accepted, 1 Rejected, 0 Failed");
  await user.keyboard("{Home}{ArrowLeft}{Enter}");
  expect(onOpen).toHaveBeenCalledWith(bars[0]);
  await user.tab();
  expect(screen.getByRole("link", { name: "Show them" })).toHaveFocus();
  expect(screen.getByRole("link", { name: "Show them" })).toHaveAttribute("href", "/hour/0");
  await user.tab();
  expect(screen.getByText("All hours")).toBeVisible();
});

it("is opened by the mouse at once, while a finger only chooses what can then be opened", () => {
  const { chart, onOpen } = show();
  vi.spyOn(chart, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 300, 100));
  fireEvent.pointerUp(chart, { clientX: 10, pointerType: "touch" });
  expect(onOpen).not.toHaveBeenCalled();
  expect(screen.getByRole("link", { name: "Show them" })).toHaveAttribute("href", "/hour/0");
  fireEvent.pointerUp(chart, { clientX: 290, pointerType: "mouse", button: 0 });
  expect(onOpen).toHaveBeenCalledWith(bars[2]);
});
