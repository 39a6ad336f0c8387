import { expect, it } from "vitest";
import { ceilingOf, heightsOf } from "./bars";

it.each([
  [[[0, 0, 0]], 1],
  [[[1, 0, 0]], 1],
  [[[2, 0, 1]], 4],
  [[[4, 1, 0]], 6],
  [[[7, 0, 0]], 8],
  [[[9, 0, 0]], 10],
  [[[21, 0, 0]], 30],
  [[[61, 0, 0]], 80],
  [[[100, 1, 0], [5]], 200],
])("the scale over %j ends at %i", (bars, top) => {
  expect(ceilingOf(bars)).toBe(top);
});

it("draws parts in proportion, and nothing where there is nothing", () => {
  expect(
    heightsOf(
      [
        [50, 50, 0],
        [0, 0, 0],
      ],
      100,
    ),
  ).toEqual([
    [50, 50, 0],
    [0, 0, 0],
  ]);
});

it("shows one refused request among thousands, without making the bar higher", () => {
  const [parts] = heightsOf([[3_999, 1, 0]], 100);
  expect(parts?.[1]).toBe(3);
  expect(parts?.[0]).toBeCloseTo(97);
  const [small] = heightsOf([[1, 1, 1], [4_000]], 100);
  expect(small).toEqual([3, 3, 3]);
});
