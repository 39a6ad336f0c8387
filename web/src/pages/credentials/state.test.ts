import { describe, expect, it } from "vitest";
import type { Credential } from "../../api/types";
import { recentlyUsed, stateOf } from "./state";

const now = Date.parse("2026-05-12T12:00:00Z");
const days = (n: number) => new Date(now + n * 86_400_000).toISOString();

const credential = (more: Partial<Credential>): Credential => ({
  id: "c",
  connectionId: "k",
  name: "Prod",
  kind: "bearer_token",
  startsWith: "dsk_7Kq2",
  rights: "scim",
  state: "active",
  createdAt: days(-10),
  ...more,
});
const used = (n: number) => ({ lastUsed: { at: days(n), address: "203.0.113.9" } });

describe("a credential", () => {
  it.each([
    ["waits until it is used", credential({}), "unused"],
    ["is active once used", credential(used(-1)), "active"],
    ["warns 30 days before its end, used or not", credential({ endsAt: days(29) }), "ending"],
    ["is calm long before its end", credential({ ...used(-1), endsAt: days(31) }), "active"],
    [
      "has ended when its end has passed, even before the list is read again",
      credential({ endsAt: days(-1) }),
      "ended",
    ],
    ["stays revoked", credential({ state: "revoked", ...used(-1) }), "revoked"],
  ])("%s", (_, given, state) => {
    expect(stateOf(given, now)).toBe(state);
  });

  it("asks for its name when it was used in the last seven days", () => {
    expect(recentlyUsed(credential(used(-6)), now)).toBe(true);
    expect(recentlyUsed(credential(used(-8)), now)).toBe(false);
    expect(recentlyUsed(credential({}), now)).toBe(false);
  });
});
