import { describe, expect, it } from "vitest";
import { isSlug, suggestSlug } from "./slug";

describe("a suggested short name", () => {
  it.each([
    ["Acme Corp", "acme-corp"],
    ["Müller & Söhne GmbH", "mueller-soehne-gmbh"],
    ["  L'Oréal  ", "loreal"],
    ["Ærø", "aero"],
    ["東京", ""],
  ])("for %s is %s", (name, slug) => {
    expect(suggestSlug(name)).toBe(slug);
  });

  it("is always one that the service takes", () => {
    for (const name of ["a".repeat(200), `${"b".repeat(62)} c`, "--x--", "1 & 2"]) {
      expect(isSlug(suggestSlug(name)), name).toBe(true);
    }
  });
});
