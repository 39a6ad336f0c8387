import { expect, it } from "vitest";
import type { Session, Tenant } from "../api/types";
import { en } from "../messages/en";
import { buildScreens, serviceScreens, tenantScreens } from "./menu";
import { placesOf } from "./usePlaces";

const tenant = (slug: string) => ({ slug, name: `The ${slug}` }) as Tenant;
const tenants = ["acme", "bravo", "charlie", "delta", "echo"].map(tenant);
const rights = ["directory:read", "log:read", "audit:read", "credentials:read"];
const screens = [...tenantScreens("acme", rights, en.menu), buildScreens("acme", rights, en.menu)].flatMap(
  ({ entries }) => entries,
);
const hrefs = (typed: string, found = tenants) => placesOf(screens, found, "acme", typed).map(({ href }) => href);

it("leads to the screens whose names have what is typed, whatever its case", () => {
  expect(hrefs(" HEAL ", [])).toEqual(["/t/acme/health"]);
  expect(hrefs("nothing is called that", [])).toEqual([]);
});

it("has room for eight, three of them for tenants, and none for the tenant that is open", () => {
  expect(hrefs("").length).toBe(8);
  expect(hrefs("").slice(5)).toEqual(["/t/bravo", "/t/charlie", "/t/delta"]);
  expect(hrefs("health")).toEqual(["/t/acme/health", "/t/bravo", "/t/charlie", "/t/delta", "/t/echo"]);
});

it("shows what is for builders to those who may build", () => {
  const of = (held: string[]) =>
    [...tenantScreens("acme", held, en.menu), buildScreens("acme", held, en.menu)].flatMap(({ entries }) =>
      entries.map(({ href }) => href),
    );
  const viewer = of(["directory:read", "changes:read", "log:read"]);
  for (const screen of ["changes", "webhooks", "access"]) expect(viewer).not.toContain(`/t/acme/${screen}`);
  const developer = of(["changes:read", "changes:acknowledge", "webhooks:manage"]);
  for (const screen of ["changes", "webhooks", "access"]) expect(developer).toContain(`/t/acme/${screen}`);
});

it("leads nobody where they may not go", () => {
  expect(screens.map(({ href }) => href)).not.toContain("/t/acme/settings");
  const admin = { operator: false } as Session["admin"];
  expect(serviceScreens({ admin, rights: ["system:read"] }, en.menu)).toEqual([]);
});
