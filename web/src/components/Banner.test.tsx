import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { tenantQuery } from "../api/tenants";
import type { Session, Tenant } from "../api/types";
import { draw } from "../test/draw";
import { Banner } from "./Banner";
import { SessionProvider } from "./useSession";

const HOUR = 3_600_000;
const after = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

const session: Session = {
  admin: {
    id: "0192a000-aaaa-7000-8000-00000000000a",
    email: "ada@acme.test",
    name: "Ada",
    operator: false,
  },
  expiresAt: after(8),
  rights: [],
  tenants: [{ id: "0192a000-aaaa-7000-8000-000000000001", slug: "acme", name: "Acme Corp", role: "admin" }],
};

const tenant: Tenant = {
  id: "0192a000-aaaa-7000-8000-000000000001",
  slug: "acme",
  name: "Acme Corp",
  state: "active",
  logBodies: "masked",
  logDays: 90,
  changeDays: 90,
  ceiling: { rule: "general" },
  scimUrl: "https://sync.example.com/scim/acme/v2",
  createdAt: after(-9_000),
  lastRequestAt: after(-30),
  rights: ["credentials:read", "log:read"],
  people: { total: 1, active: 1 },
  groups: 0,
  day: { requests: 0, refused: 0 },
  connections: [],
  health: "working",
};

/** The banner of a tenant of whose credentials the next ends after so many days. */
function banner(days: number | undefined, more: Partial<Tenant> = {}) {
  const end =
    days === undefined ? {} : { nextCredentialEnd: { credentialId: "c1", name: "Prod", endsAt: after(days * 24) } };
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(tenantQuery("acme").queryKey, { ...tenant, ...end, ...more });
  draw(
    <QueryClientProvider client={queries}>
      <SessionProvider value={session}>
        <Banner tenant="acme" />
      </SessionProvider>
    </QueryClientProvider>,
  );
  return screen.queryByRole("status");
}

it("says nothing while nothing ends within a month", () => {
  expect(banner(undefined)).toBeNull();
  expect(banner(30.5)).toBeNull();
});

it.each([
  [29.5, "info", "in 29 days"],
  [14.5, "info", "in 14 days"],
  [13.5, "warn", "in 13 days"],
  [0.5, "warn", "in 12 h"],
  [-1.5, "warn", "1 day ago"],
])("a credential that ends after %d days is told of in the tone %s", (days, tone, when) => {
  const shown = banner(days);
  expect(shown).toHaveTextContent("The credential “Prod” ends");
  expect(shown).toHaveTextContent(when);
  expect(shown).toHaveAttribute("data-tone", tone);
  expect(screen.getByRole("link", { name: "Go to credentials" })).toHaveAttribute("href", "/t/acme/credentials");
});

it("that nothing comes presses more than what ends in weeks", () => {
  expect(banner(20, { health: "silent" })).toHaveTextContent("Silent since");
});

it("what ends in days presses more than that nothing comes", () => {
  expect(banner(3, { health: "silent" })).toHaveTextContent("The credential “Prod” ends");
});
