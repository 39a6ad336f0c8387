/** The guides in `docs/guides` say what the console's say; `WRITE_GUIDES=1 npx vitest run guides` writes them anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { idpsOf } from "../routes";
import { en } from "./en";
import { guidesDe } from "./guides.de";
import { guidesEn } from "./guides.en";
import type { ClientField, Give, Guide } from "./setup";
import { setupEn } from "./setup.en";

const SOURCES: Record<string, string> = {
  entra: "Menus and fields are those of Microsoft's own pages of 2025 and 2026.",
  okta: "Menus and fields are those of Okta's own pages; those of wizard apps also of several vendors' guides.",
  onelogin: "Menus and fields are those of OneLogin's own pages; saving in two tabs is what vendors' guides say.",
  jumpcloud: "Menus and fields are those of JumpCloud's own pages and of vendors' guides.",
  other: "For any client that speaks SCIM 2.0.",
};

function given(give: Give): string {
  if (give.what === "url") return `- **${give.field}**: the tenant's SCIM URL, \`https://…/scim/{tenant}/v2\``;
  if (give.what === "token") return `- **${give.field}**: the token, which the guide issues and shows once`;
  return `- **${give.field}**:\n\n  \`\`\`json\n${give.value.replace(/^/gm, "  ")}\n  \`\`\``;
}

const clientGiven: Record<ClientField["what"], string> = {
  tokenUrl: "the token endpoint, `https://…/oauth/{tenant}/token`",
  clientId: "the client's id, `dsc_…`",
  clientSecret: "the secret, which the guide issues and shows once",
  scope: "`scim`",
};

function page(idp: (typeof idpsOf)[number], guide: Guide): string {
  const name = idp === "other" ? "Another SCIM client" : en.idps[idp];
  const out = [
    `# ${name}`,
    "",
    `${guide.hint}. ${SOURCES[idp]} Nothing was captured from a live tenant; how requests are read stands in`,
    "[idp-dialects.md](../idp-dialects.md). The console's *Set up* shows the same steps with your own address and token in them, and",
    "ticks what arrives.",
  ];
  for (const [at, step] of guide.steps.entries()) {
    out.push("", `## ${at + 1}. ${step.title}`, "");
    if (step.place) out.push(`${step.place.join(" → ")}`, "");
    if (step.give) out.push(...step.give.map(given), "");
    out.push(...step.lines.map((line) => `- ${line}`));
    if (step.oauth) {
      const { url, client, lines } = step.oauth;
      out.push("", "Or with an **OAuth client**, which the guide makes in this place:", "");
      out.push(given(url), ...client.map(({ field, what }) => `- **${field}**: ${clientGiven[what]}`), "");
      out.push(...lines.map((line) => `- ${line}`));
    }
    if (step.press) out.push("", `**${step.press}**`);
    if (step.behind) out.push("", `What it does then: ${step.behind}`);
    if (step.checks.length > 0) {
      out.push("", `Ticks: ${step.checks.map((check) => setupEn.checks[check].toLowerCase()).join(", ")}.`);
    }
  }
  return `${out.join("\n")}\n`;
}

describe("the guides", () => {
  it.each(idpsOf)("of %s in docs says what the console says", (idp) => {
    const file = join(import.meta.dirname, "../../../docs/guides", `${idp}.md`);
    const told = page(idp, guidesEn[idp]);
    if (process.env.WRITE_GUIDES) writeFileSync(file, told);
    expect(readFileSync(file, "utf8")).toBe(told);
  });

  it.each(idpsOf)("of %s waits for every check once, in both languages alike", (idp) => {
    const all = guidesEn[idp].steps.flatMap((step) => step.checks);
    expect([...all].sort()).toEqual(Object.keys(setupEn.checks).sort());
    const shape = (guide: Guide) =>
      guide.steps.map(({ checks, give, oauth }) => [
        checks,
        give?.map((one) => one.what),
        oauth?.client.map((one) => one.what),
        oauth?.lines.length,
      ]);
    expect(shape(guidesDe[idp])).toEqual(shape(guidesEn[idp]));
    expect(guidesEn[idp].steps.flatMap((step) => step.give?.map((one) => one.field) ?? [])).toContain(
      guidesEn[idp].tokenField,
    );
  });

  it("take an OAuth client where the provider does, with all that it asks for", () => {
    const takers = idpsOf.filter((idp) => guidesEn[idp].steps.some((step) => step.oauth));
    expect(takers).toEqual(["entra", "other"]);
    for (const idp of takers) {
      const step = guidesEn[idp].steps.find((one) => one.oauth);
      expect(step?.oauth?.client.map((one) => one.what)).toEqual(["tokenUrl", "clientId", "clientSecret", "scope"]);
      expect(step?.give?.some((one) => one.what === "token")).toBe(true);
    }
  });
});
