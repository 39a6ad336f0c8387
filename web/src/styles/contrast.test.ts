/** Recomputes the contrast of every pair of colours that meet, from the stylesheet itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

type Theme = "light" | "dark";

function tokens(theme: Theme): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, light, dark] of css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)) {
    if (name && light && dark) found[name] = theme === "light" ? light : dark;
  }
  return found;
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["bg", "surface", "raised", "sunken"];

const text: [string, string][] = ["text", "text-2", "text-3", "accent-text"].flatMap((fg) =>
  grounds.map((bg): [string, string] => [fg, bg]),
);
const states = ["ok", "warn", "bad", "info"];
const chips = states.map((state): [string, string] => [`${state}-fg`, `${state}-bg`]);
const stateText = states.flatMap((state) => ["surface", "raised"].map((bg): [string, string] => [`${state}-fg`, bg]));
const lines: [string, string][] = ["line-control", "ok-bar", "warn-bar", "bad-bar", "focus"].flatMap((line) =>
  grounds.map((bg): [string, string] => [line, bg]),
);

describe.each<Theme>(["light", "dark"])("in the %s theme", (theme) => {
  const colours = tokens(theme);
  const ratio = ([a, b]: [string, string]) => {
    const [first, second] = [colours[a], colours[b]];
    if (!first || !second) throw new Error(`no such token: ${first ? b : a}`);
    return contrast(first, second);
  };

  it("defines every token of the visual language", () => {
    expect(Object.keys(colours).length).toBeGreaterThanOrEqual(26);
  });

  it.each(text)("%s on %s is readable text", (fg, bg) => {
    expect(ratio([fg, bg])).toBeGreaterThanOrEqual(4.9);
  });

  it.each(chips)("%s on %s is readable in a chip", (fg, bg) => {
    expect(ratio([fg, bg])).toBeGreaterThanOrEqual(5.8);
  });

  it.each(stateText)("%s on %s is readable in a row", (fg, bg) => {
    expect(ratio([fg, bg])).toBeGreaterThanOrEqual(4.9);
  });

  it.each([
    ["on-accent", "accent"],
    ["on-accent", "accent-hover"],
  ] as [string, string][])("%s on %s is readable on a button", (fg, bg) => {
    expect(ratio([fg, bg])).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ["accent-text", "accent-soft"],
    ["text", "accent-soft"],
  ] as [string, string][])("%s on %s is readable in a selection", (fg, bg) => {
    expect(ratio([fg, bg])).toBeGreaterThanOrEqual(4.9);
  });

  it.each(lines)("%s on %s is visible as a line", (line, bg) => {
    expect(ratio([line, bg])).toBeGreaterThanOrEqual(3);
  });
});
