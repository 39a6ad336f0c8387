import { expect, it } from "vitest";
import type { SetupChecks } from "../../api/types";
import { setupEn } from "../../messages/setup.en";
import { whatCame } from "./Listening";

const came = (code: string, params: Record<string, string>) =>
  whatCame(setupEn, {
    refusal: { at: "2026-05-12T12:00:00Z", eventId: "e", cause: { code, params } },
    expected: ["dsk_7Kq2", "dsc_abcdefghijkl"],
  } as unknown as SetupChecks);

it("names what a token endpoint refused", () => {
  expect(came("client_unknown", { client: "dsc_other" })).toBe("The token endpoint knows no client “dsc_other” here.");
  expect(came("client_secret_wrong", { client: "dsc_abcdefghijkl", starts_with: "dss_1234" })).toBe(
    "The secret that came is none of dsc_abcdefghijkl that works; it starts with dss_1234.",
  );
  expect(came("client_secret_ended", { starts_with: "dss_1234", at: "x" })).toMatch(/none of the client that works/);
  expect(came("assertion_mismatch", { claim: "aud" })).toMatch(/its request in the log says why/);
});

it("compares a token with tokens, and takes an access token that is over for one", () => {
  expect(came("token_unknown", { starts_with: "dsk_9999" })).toBe(
    "It starts with dsk_9999; yours start with dsk_7Kq2.",
  );
  expect(came("token_ended", { starts_with: "dsc_abcdefghijkl" })).toMatch(/An access token came that is over/);
});
