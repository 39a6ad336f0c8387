import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SyncEventSummary } from "../api/types";
import { deCauses } from "../messages/causes.de";
import { enCauses } from "../messages/causes.en";
import { deHappened } from "../messages/happened.de";
import { enHappened } from "../messages/happened.en";
import { happened, headline } from "./happened";

const event = (more: Partial<SyncEventSummary>): SyncEventSummary => ({
  id: "1",
  at: "2026-05-12T12:00:00.000000Z",
  outcome: "accepted",
  status: 200,
  method: "POST",
  path: "/Users",
  sentence: "",
  durationMs: 3,
  repairs: 0,
  ...more,
});

/** The sentences that the service has for what was done, for Ada. */
function sentencesOfTheService(): string[] {
  const file = join(import.meta.dirname, "../../../crates/scim-api/src/observe.rs");
  if (!existsSync(file)) return [];
  const body = /fn sentence\(&self\)[\s\S]*?\n {4}\}\n/.exec(readFileSync(file, "utf8"))?.[0] ?? "";
  const texts = [...body.matchAll(/=>\s*\{?\s*(?:format!\()?"([^"]+)"/g)].map(([, text]) => text ?? "");
  return texts.map((text) => text.replace("{whom}", "Ada").replace(/\{\w*\}/g, "7"));
}

const sentences = sentencesOfTheService();

describe.runIf(sentences.length > 0)("the service's sentences", () => {
  it("are all known", () => {
    expect(sentences.length).toBeGreaterThan(12);
  });

  it.each(sentences)("“%s” is told in the reader's language", (sentence) => {
    const done = event({ sentence, resourceName: "Ada" });
    expect(sentence.startsWith(headline(done, enHappened))).toBe(true);
    const german = headline(done, deHappened);
    expect(german).not.toBe(sentence);
    expect(german).not.toMatch(/\b(the|of|up|for|sent|found|nothing|here|members|operations|Updated|Created|Read)\b/);
    for (const part of ["Ada", "7"]) {
      if (headline(done, enHappened).includes(part)) expect(german).toContain(part);
    }
  });
});

const refused = event({
  outcome: "rejected",
  status: 409,
  sentence: "Refused Ada Byron: userName is already used by the resource u2",
  resourceName: "Ada Byron",
  cause: { code: "uniqueness", params: { attribute: "userName", value: "ada", holder: "u2" } },
});

describe("a refusal", () => {
  it("is told by its cause, in German as in English", () => {
    expect(happened(refused, deHappened, deCauses)).toBe(
      "Ada Byron wurde abgelehnt: userName ada gehört schon jemand anderem.",
    );
    expect(happened(refused, enHappened, enCauses)).toBe(
      "Ada Byron was rejected: the userName ada already belongs to someone else.",
    );
  });

  it("says whom it was for while causes are on their way, or when its cause is newer than the console", () => {
    expect(happened(refused, deHappened, undefined)).toBe("Abgelehnt: Ada Byron");
    expect(headline(event({ outcome: "failed", sentence: "Failed: internal error" }), deHappened)).toBe("Gescheitert");
  });

  it("inside a bulk request says how many there were beside it", () => {
    const bulk = { ...refused, sentence: `Bulk of 6 operations, 5 of them refused. ${refused.sentence}` };
    expect(happened(bulk, deHappened, deCauses)).toBe(
      "Bulk-Anfrage mit 6 Operationen, 5 davon abgelehnt. Ada Byron wurde abgelehnt: userName ada gehört schon jemand anderem.",
    );
  });
});

it("what was taken and is not whole says both", () => {
  const waiting = event({
    sentence: "Updated Leads; 3 members are not here yet",
    resourceName: "Leads",
    resourceType: "Group",
    cause: { code: "members_waiting", params: { count: "3" } },
  });
  expect(happened(waiting, deHappened, deCauses)).toMatch(/^Leads geändert\. 3 Mitglieder von Leads sind noch nicht/);
});

it("whoever has no name is called what they are", () => {
  expect(headline(event({ sentence: "Read User", resourceType: "User" }), deHappened)).toBe("Person gelesen");
  expect(headline(event({ sentence: "A sentence of tomorrow" }), deHappened)).toBe("A sentence of tomorrow");
});
