import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { eventQuery } from "../../api/log";
import type { SyncEvent } from "../../api/types";
import { patterns } from "../../routes";
import { draw } from "../../test/draw";
import { EventDetail } from "./EventDetail";
import { credentialsOf } from "./LogFilters";

afterEach(() => vi.unstubAllGlobals());

const ID = "0192a000-aaaa-7000-8000-00000000beef";
const HOLDER = "0192a000-aaaa-7000-8000-0000000000a2";
const CREDENTIAL = "0192a000-aaaa-7000-8000-0000000000c1";

const refused: SyncEvent = {
  id: ID,
  at: "2026-05-12T12:00:00Z",
  outcome: "rejected",
  status: 409,
  method: "POST",
  path: "/Users",
  sentence: "Refused Ada Byron: userName is taken",
  cause: { code: "uniqueness", params: { attribute: "userName", value: "ada@acme.test", holder: HOLDER } },
  resourceType: "User",
  resourceName: "Ada Byron",
  address: "192.0.2.1",
  requestId: "r-1",
  credentialId: CREDENTIAL,
  credentialName: "Prod",
  durationMs: 3,
  repairs: 0,
  repairList: [],
  identifiers: [],
  changes: [],
  lookups: [],
};

/** The page of a request; `answers` are what the API says, by the end of the address. */
function open(event: Partial<SyncEvent>, answers: Record<string, object> = {}, search = "") {
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const found = Object.entries(answers).find(([end]) => pathname.endsWith(end));
    return found ? Response.json(found[1]) : Response.json({ code: "not_found", status: 404 }, { status: 404 });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  queries.setQueryData(eventQuery("acme", ID).queryKey, { ...refused, ...event });
  const root = createRootRoute();
  const detail = createRoute({ getParentRoute: () => root, path: patterns.logEvent, component: EventDetail });
  const router = createRouter({
    routeTree: root.addChildren([detail]),
    history: createMemoryHistory({ initialEntries: [`/t/acme/log/${ID}${search}`] }),
  });
  draw(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
}

it("a taken name leads to the person who holds it", async () => {
  open({}, { [`/users/${HOLDER}`]: { id: HOLDER, displayName: "Ada King", userName: "ada@acme.test" } });
  const link = await screen.findByRole("link", { name: "Who holds it: Ada King" });
  expect(link).toHaveAttribute("href", `/t/acme/users/${HOLDER}`);
});

it("a taken group's name leads to the group that holds it", async () => {
  open({ resourceType: "Group", path: "/Groups" }, { [`/groups/${HOLDER}`]: { id: HOLDER, displayName: "Leads" } });
  const link = await screen.findByRole("link", { name: "Who holds it: Leads" });
  expect(link).toHaveAttribute("href", `/t/acme/groups/${HOLDER}`);
});

it("leads to what is left of a holder who is gone", async () => {
  open({});
  const link = await screen.findByRole("link", { name: "Who holds it" });
  expect(link).toHaveAttribute("href", `/t/acme/users/${HOLDER}`);
});

it("leads nowhere where nobody is known to hold it", async () => {
  open({ cause: { code: "uniqueness", params: { attribute: "userName", value: "ada@acme.test", holder: "" } } });
  expect(await screen.findByText("What to do")).toBeVisible();
  expect(screen.queryByRole("link", { name: /^Who holds it/ })).toBeNull();
});

it("says whom it was refused for, the service's own words, and what to do against a repair", async () => {
  const repair = { rule: "text_from_number", attribute: "title", sent: "7", read: '"7"' } as const;
  open({ idp: "okta", repairs: 1, repairList: [repair] });
  expect(await screen.findByRole("heading", { name: "Refused Ada Byron" })).toBeVisible();
  expect(screen.getByText("Refused Ada Byron: userName is taken")).toHaveAttribute("lang", "en");
  expect(screen.getByText(/^In Okta: .* Map a field of the kind that the schema page names/)).toBeVisible();
});

it("a credential's name narrows the log to its requests", async () => {
  open({}, {}, "?outcome=rejected&tab=event");
  expect(await screen.findByRole("link", { name: "Prod" })).toHaveAttribute(
    "href",
    `/t/acme/log?outcome=rejected&credential=${CREDENTIAL}`,
  );
});

it("requests name the credentials they came with, each once", () => {
  const prod = { credentialId: CREDENTIAL, credentialName: "Prod" };
  expect(credentialsOf([prod, {}, prod])).toEqual([{ id: CREDENTIAL, name: "Prod" }]);
});
