import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inTurns } from "./inTurns";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("acts at once, then once a pause while it is asked, and never forgets the last asking", () => {
  const act = vi.fn();
  const turns = inTurns(5_000, act);
  turns.ask();
  expect(act).toHaveBeenCalledTimes(1);
  for (let second = 0; second < 12; second += 1) {
    turns.ask();
    vi.advanceTimersByTime(1_000);
  }
  expect(act).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(4);
  turns.ask();
  expect(act).toHaveBeenCalledTimes(5);
});

it("does nothing after it was stopped", () => {
  const act = vi.fn();
  const turns = inTurns(5_000, act);
  turns.ask();
  turns.ask();
  turns.stop();
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(1);
});
