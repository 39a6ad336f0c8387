import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { SyncEventSummary } from "../../api/types";
import { unknownTenantsQuery } from "../../api/unknownTenants";
import { draw } from "../../test/draw";
import { UnknownTenants } from "./UnknownTenants";

const mistyped: SyncEventSummary = {
  id: "0192a000-aaaa-7000-8000-00000000beef",
  at: "2026-05-12T12:00:00Z",
  outcome: "rejected",
  status: 401,
  method: "GET",
  path: "/scim/acmee/v2/Users",
  sentence: "Refused: the bearer token is missing or not valid for this address",
  cause: { code: "token_missing", params: {} },
  durationMs: 1.2,
  repairs: 0,
};

function drawList(pages: { items: SyncEventSummary[]; next?: string }[]) {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  queries.setQueryData(unknownTenantsQuery.queryKey, { pages, pageParams: pages.map(() => undefined) });
  return draw(
    <QueryClientProvider client={queries}>
      <UnknownTenants />
    </QueryClientProvider>,
  );
}

it("shows which address was asked for, what it got and when", async () => {
  drawList([{ items: [mistyped], next: mistyped.id }]);
  const table = await screen.findByRole("table", { name: "Requests to unknown tenants" });
  const row = within(table).getByRole("row", { name: /acmee/ });
  expect(row).toHaveTextContent("GET /scim/acmee/v2/Users");
  expect(row).toHaveTextContent("401");
  expect(await within(row).findByText("A request came without a token.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Show more" })).toBeInTheDocument();
});

it("says that there is none, and what would stand there", async () => {
  drawList([{ items: [] }]);
  expect(await screen.findByRole("heading", { name: "No request to an unknown tenant" })).toBeInTheDocument();
  expect(screen.queryByRole("table")).not.toBeInTheDocument();
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
});
