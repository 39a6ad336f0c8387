import { screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { auditParameters } from "../../api/audit";
import type { AuditEntry } from "../../api/types";
import { deAudit } from "../../messages/audit.de";
import { enAudit } from "../../messages/audit.en";
import { de as deTexts } from "../../messages/de";
import { en as enTexts } from "../../messages/en";
import { acts } from "../../routes";
import { draw } from "../../test/draw";
import { AuditDetail } from "./AuditDetail";
import { actorOf, subjectOf } from "./columns";
import { choices, setFilters } from "./filters";

const en = { ...enTexts, ...enAudit };
const de = { ...deTexts, ...deAudit };
const id = "0192a000-aaaa-7000-8000-000000000001";

const entry = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  seq: 7,
  at: "2026-05-12T12:00:00.000000Z",
  actor: { kind: "admin", id, email: "ada@acme.test" },
  address: "203.0.113.9",
  act: "connection.changed",
  subject: { kind: "connection", id, name: "Entra" },
  before: { name: "Entra", strict: false },
  after: { name: "Entra", strict: true },
  hash: "ab12",
  ...more,
});

describe("who and what", () => {
  it.each([
    ["a person by address", entry(), "ada@acme.test"],
    ["the command line", entry({ actor: { kind: "command_line" } }), "Command line"],
    ["a token's finder", entry({ actor: { kind: "token_holder" } }), "Whoever reported the token"],
    ["a key by its name", entry({ actor: { kind: "api_key", id: "k", name: "Report" } }), "Report (API key)"],
    ["whoever was refused", entry({ actor: { kind: "stranger" } }), "Somebody not signed in"],
    ["us", entry({ actor: { kind: "system" } }), "Directory Sync"],
  ])("names %s", (_, given, name) => {
    expect(actorOf(given, en)).toBe(name);
  });

  it("names what has no name by its kind", () => {
    expect(subjectOf(entry({ subject: { kind: "service" } }), en)).toBe("The service");
  });

  it.each([en, de])("has a text for every act", (messages) => {
    expect(acts.map((act) => messages.audit.acts[act]).every((text) => /\S/.test(text))).toBe(true);
  });
});

it("shows only what differs, and whose it is", () => {
  draw(
    <AuditDetail
      partAs="h3"
      entry={entry()}
      onlyHref={({ subject, actor }) => `/only/${subject ? "subject" : ""}${actor ? "actor" : ""}`}
    />,
  );
  expect(screen.getByText("strict")).toBeVisible();
  expect(screen.getByText("false")).toBeVisible();
  expect(screen.getByText("true")).toBeVisible();
  expect(screen.queryByText("name")).toBeNull();
  expect(screen.getByText("203.0.113.9")).toBeVisible();
  expect(screen.getByRole("link", { name: "All about this one" })).toHaveAttribute("href", "/only/subject");
  expect(screen.getByRole("link", { name: "All by this person" })).toHaveAttribute("href", "/only/actor");
});

it("shows hostile names as text", () => {
  const name = '<img src=x onerror="alert(1)">';
  draw(
    <AuditDetail
      partAs="h3"
      entry={entry({ subject: { kind: "tenant", name }, after: { name } })}
      onlyHref={() => "/"}
    />,
  );
  expect(screen.getAllByText(name)).toHaveLength(2);
  expect(document.querySelector("img")).toBeNull();
});

describe("filters", () => {
  it("close the detail when one changes", () => {
    const change = vi.fn();
    choices({ sel: "7" }, change, en)[0]?.onChange("tenant.created");
    expect(change).toHaveBeenCalledWith({ act: "tenant.created", sel: undefined });
  });

  it("say what is set, each with a way to clear it", () => {
    const change = vi.fn();
    const set = setFilters({ act: "tenant.created", span: "24h", subject: id, actor: id }, change, en);
    expect(set.map(({ id }) => id)).toEqual(["act", "span", "subject", "actor"]);
    for (const { onClear } of set) onClear();
    expect(change).toHaveBeenLastCalledWith({ actor: undefined });
  });

  it("reach the API, without the selected row", () => {
    const now = Date.parse("2026-05-12T12:00:30Z");
    expect(auditParameters({ act: "tenant.created", span: "1h", sel: "7" }, now)).toEqual({
      act: "tenant.created",
      actor: undefined,
      subject: undefined,
      since: "2026-05-12T11:00:00.000Z",
    });
  });
});
