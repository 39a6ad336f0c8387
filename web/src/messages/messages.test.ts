import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Idp } from "../api/types";
import { deAccess } from "./access.de";
import { enAccess } from "./access.en";
import { deAudit } from "./audit.de";
import { enAudit } from "./audit.en";
import { bounds, type CauseCode, type CauseContext, causeCodes, causeText, paces } from "./cause";
import { deCauses } from "./causes.de";
import { enCauses } from "./causes.en";
import { deCeiling } from "./ceiling.de";
import { enCeiling } from "./ceiling.en";
import { deCondition } from "./condition.de";
import { enCondition } from "./condition.en";
import { deCredentials } from "./credentials.de";
import { enCredentials } from "./credentials.en";
import { de } from "./de";
import { en } from "./en";
import { deEntry } from "./entry.de";
import { enEntry } from "./entry.en";
import { deFeed } from "./feed.de";
import { enFeed } from "./feed.en";
import { deHealth } from "./health.de";
import { enHealth } from "./health.en";
import { languageOf } from "./index";
import { deKeys } from "./keys.de";
import { enKeys } from "./keys.en";
import { deLog } from "./log.de";
import { enLog } from "./log.en";
import { dePeople } from "./people.de";
import { enPeople } from "./people.en";
import { deSettings } from "./settings.de";
import { enSettings } from "./settings.en";
import { deTimeline } from "./timeline.de";
import { enTimeline } from "./timeline.en";
import { deUnknownTenants } from "./unknownTenants.de";
import { enUnknownTenants } from "./unknownTenants.en";
import { deWebhook } from "./webhooks.de";
import { enWebhook } from "./webhooks.en";

/** What every page has and what comes with some pages, as one. */
const english = {
  ...en,
  credentials: enCredentials,
  entry: enEntry,
  people: enPeople,
  limits: enCeiling,
  keeping: enLog,
  ...enHealth,
  ...enTimeline,
  ...enCondition,
  ...enUnknownTenants,
  ...enFeed,
  ...enWebhook,
  ...enAccess,
  ...enSettings,
  ...enKeys,
  ...enAudit,
};
const german = {
  ...de,
  credentials: deCredentials,
  entry: deEntry,
  people: dePeople,
  limits: deCeiling,
  keeping: deLog,
  ...deHealth,
  ...deTimeline,
  ...deCondition,
  ...deUnknownTenants,
  ...deFeed,
  ...deWebhook,
  ...deAccess,
  ...deSettings,
  ...deKeys,
  ...deAudit,
};

const languages = { en: { texts: english, causes: enCauses }, de: { texts: german, causes: deCauses } };

/** Every IdP, and the word that only texts for it may hold. */
const idpNames: Record<Idp, string | undefined> = {
  entra: "Entra",
  okta: "Okta",
  onelogin: "OneLogin",
  jumpcloud: "JumpCloud",
  other: undefined,
};
const idps = Object.keys(idpNames) as Idp[];

/** All that any cause tells. */
const params = {
  starts_with: "dsk_7Kq2",
  at: "2026-05-12T08:00:00Z",
  client: "dsc_7Kq2Lm3Np4Qr",
  claim: "iss",
  expected: "https://issuer.example.com/v2.0",
  received: "https://issuer.example.com",
  reason: "its time is over",
  url: "https://issuer.example.com/keys",
  sent: "text/plain",
  what: "request_members",
  which: "ceiling",
  wait: "1",
  life: "3600",
  endpoint: "/Schemas",
  parameter: "count",
  name: "qwerty",
  limit: "8388608",
  attribute: "userName",
  path: "emails[type eq",
  count: "3",
  value: "ada@acme.test",
  holder: "0192a000-aaaa-7000-8000-000000000001",
};

const contexts: CauseContext[] = [undefined, ...idps].flatMap((idp): CauseContext[] => [
  { params: {}, idp, who: undefined },
  { params, idp, who: "Ada Byron" },
]);

/** An enumeration in the API's document, if there is the document. */
function wordsOfTheApi(name: string): string[] | undefined {
  const document = join(import.meta.dirname, "../../../openapi.json");
  if (!existsSync(document)) return undefined;
  const { components } = JSON.parse(readFileSync(document, "utf8")) as {
    components: { schemas: Record<string, { enum?: string[] }> };
  };
  return components.schemas[name]?.enum;
}

/** What stands in a file of the service, if there is the file. */
function sourceOfTheService(path: string): string | undefined {
  const file = join(import.meta.dirname, "../../../crates", path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Every text below `value`, with its path; functions are left to the type checker. */
function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => texts(part, `${path}.${name}`));
}

const limits = sourceOfTheService("scim/src/bound.rs");
const api = wordsOfTheApi("CauseCode");
const rules = wordsOfTheApi("RepairRule");
const senders = wordsOfTheApi("Idp");

describe.runIf(api)("the API's list of causes", () => {
  it("is the list that has texts", () => {
    expect([...(api ?? [])].sort()).toEqual([...causeCodes].sort());
  });
});

describe.runIf(limits)("the service's list of limits", () => {
  it("is the list that has words", () => {
    const codes = [...(limits ?? "").matchAll(/^ {4}\w+ = "(\w+)",$/gm)].map(([, code]) => code);
    expect(codes.sort()).toEqual([...bounds].sort());
  });
});

describe.runIf(senders)("the API's list of IdPs", () => {
  it("is the list that causes are tried with", () => {
    expect([...(senders ?? [])].sort()).toEqual([...idps].sort());
  });
});

describe.runIf(rules)("the API's list of repairs", () => {
  it.each([
    ["en", enHealth.health],
    ["de", deHealth.health],
  ] as const)("is the list that has sentences in %s, each saying how often", (_, { rule, times }) => {
    expect(Object.keys(rule).sort()).toEqual([...(rules ?? [])].sort());
    for (const sentence of Object.values(rule)) {
      expect(sentence(times(1))).toMatch(/\b(once|Einmal)\b/);
      expect(sentence(times(20_331))).toMatch(/20[.,]331(-mal| times)/);
    }
  });
});

describe.each(Object.entries(languages))("in %s", (name, { texts: messages, causes }) => {
  it.each(causeCodes)("the cause %s says to every IdP what happened and what to do", (code: CauseCode) => {
    const text = causeText(causes, code);
    expect(text?.short).toMatch(/\S/);
    for (const context of contexts) {
      const said = [text?.sentence(context) ?? "", ...(text?.steps(context) ?? [])];
      const others = idps.filter((idp) => idp !== context.idp).flatMap((idp) => idpNames[idp] ?? []);
      for (const other of others) {
        expect(said.join(" "), context.idp ?? "nobody known").not.toContain(other);
      }
      for (const sentence of said) {
        expect(sentence).toMatch(/[.…]$/);
        expect(sentence).not.toMatch(/undefined|NaN|null|\[object/);
      }
      expect(text?.steps(context).length).toBeGreaterThan(0);
    }
  });

  const limited: ["too_many" | "too_fast", string, readonly string[]][] = [
    ["too_many", "what", bounds],
    ["too_fast", "which", paces],
  ];
  it.each(limited)("the cause %s names each limit with its number", (code, parameter, known) => {
    const sentence = (params: Record<string, string>) =>
      causes[code].sentence({ params, idp: undefined, who: undefined });
    const said = known.map((name) => sentence({ [parameter]: name, limit: "20331" }));
    expect(new Set(said).size).toBe(known.length);
    for (const one of said) expect(one).toMatch(/20[.,]331/);
    expect(sentence({ [parameter]: "of_tomorrow", limit: "20331" })).toBe(sentence({}));
  });

  it("says for each repair and every IdP what to do, and names no other one", () => {
    const remedies = messages.health.remedy;
    expect(Object.keys(remedies).sort()).toEqual(Object.keys(messages.health.rule).sort());
    for (const [rule, remedy] of Object.entries(remedies)) {
      for (const idp of [undefined, ...idps]) {
        const said = remedy(idp);
        expect(said, rule).toMatch(/\S\.$/);
        for (const other of idps.filter((one) => one !== idp).flatMap((one) => idpNames[one] ?? [])) {
          expect(said, `${rule} for ${idp}`).not.toContain(other);
        }
      }
    }
  });

  it("names its own language", () => {
    expect(messages.language).toBe(name);
  });

  it("has no empty text, and no word the console does not use", () => {
    const all = texts(messages);
    expect(all.length).toBeGreaterThan(150);
    for (const [path, text] of all) {
      expect(text.trim(), path).not.toBe("");
      expect(text, path).not.toMatch(/\b(please|bitte|oops|successfully|erfolgreich)\b|!/i);
    }
  });

  it("counts one and many", () => {
    expect(messages.group.members(1)).not.toBe(messages.group.members(2).replace("2", "1"));
    expect(messages.group.members(20_331)).toMatch(/20[.,]331/);
  });

  it("says how often something comes in the unit that fits", () => {
    const every = [60, 40 * 60, 60 * 60, 2 * 3_600, 86_400, 3 * 86_400].map((seconds) =>
      messages.health.every(seconds),
    );
    expect(every).toEqual(
      name === "en"
        ? ["minute", "40 minutes", "hour", "2 hours", "day", "3 days"].map((words) => `about every ${words}`)
        : ["jede Minute", "alle 40 Minuten", "jede Stunde", "alle 2 Stunden", "jeden Tag", "alle 3 Tage"].map(
            (words) => `etwa ${words}`,
          ),
    );
  });

  it("never shows the past as the future", () => {
    expect(messages.time.relative(-2, "minute")).toMatch(/2 min ago|vor 2 min/);
    expect(messages.time.relative(23, "day")).toMatch(/in 23/);
    expect(messages.time.relative(-1, "second")).toMatch(/just now|gerade eben/);
  });
});

describe("German", () => {
  it("differs from English in all but names and signs", () => {
    const inEnglish = new Map(texts(english));
    const same = texts(german).filter(([path, text]) => inEnglish.get(path) === text && /\s/.test(text));
    expect(same.map(([path]) => path)).toEqual([
      ".product",
      ".idps.entra",
      ".changes.actors.system",
      ".audit.actors.system",
    ]);
  });
});

describe("the language shown", () => {
  it.each([
    ["system", ["de-CH", "en"], "de"],
    ["system", ["fr", "en-GB", "de"], "en"],
    ["system", ["fr"], "en"],
    ["de", ["en"], "de"],
  ] as const)("for the choice %s and a browser that accepts %s is %s", (choice, accepted, expected) => {
    expect(languageOf(choice, accepted)).toBe(expected);
  });
});
