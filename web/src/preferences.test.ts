import { describe, expect, it } from "vitest";
import { preferences, readPreferences } from "./preferences";

describe("stored preferences", () => {
  it("fall back one by one where storage holds nonsense", () => {
    const read = readPreferences('{"theme":"dark","density":"huge","singleKeys":"no","recentTenants":["a",1,"b"]}');
    expect(read).toMatchObject({ theme: "dark", density: "compact", singleKeys: true, recentTenants: ["a", "b"] });
  });

  it.each([null, "", "[]", "null", "{"])("are the defaults for %j", (stored) => {
    expect(readPreferences(stored)).toMatchObject({ theme: "system", times: "relative" });
  });

  it("remember the last five tenants, newest first, each once", () => {
    for (const slug of ["a", "b", "c", "d", "e", "f", "b"]) preferences.visited(slug);
    expect(preferences.get().recentTenants).toEqual(["b", "f", "e", "d", "c"]);
  });

  it("set the theme on the page at once, and take it off for the system's", () => {
    preferences.change({ theme: "dark" });
    expect(document.documentElement.dataset.theme).toBe("dark");
    preferences.change({ theme: "system" });
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });
});
