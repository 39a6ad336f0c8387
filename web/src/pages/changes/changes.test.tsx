import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { acknowledgementsQuery } from "../../api/changes";
import type { Acknowledgements, Change, Tenant } from "../../api/types";
import { draw } from "../../test/draw";
import { ChangeDetail } from "./ChangeDetail";
import { feedCurl } from "./curl";
import { StepState, standingOf } from "./InStep";
import { freshOf, lookedAt, passes } from "./useChanges";

afterEach(() => vi.unstubAllGlobals());

const tenant = {
  slug: "acme",
  scimUrl: "https://sync.example.com/scim/acme/v2",
  rights: ["changes:acknowledge", "log:read"],
} as Tenant;

const renamed: Change = {
  seq: 7,
  type: "user.updated",
  resourceType: "User",
  resourceId: "u1",
  resourceName: "Ada Byron",
  version: 2,
  at: "2026-05-12T11:00:00Z",
  requestId: "0192a000-aaaa-7000-8000-00000000beef",
  actor: { kind: "connection", idp: "entra" },
  before: { title: "Engineer" },
  after: { title: "Lead engineer" },
};

const reader = (name: string, more: Partial<Acknowledgements["readers"][number]> = {}) => ({
  reader: { kind: "apiKey" as const, id: name, name },
  seq: 9,
  at: "2026-05-12T11:00:05Z",
  waiting: 0,
  late: false,
  ...more,
});

const report = (more: Partial<Acknowledgements> = {}): Acknowledgements => ({
  targetSeconds: 300,
  lastSeq: 9,
  readers: [],
  last24h: { count: 0, buckets: [] },
  ...more,
});

/** With what the API says of readers, and nothing asked. */
function drawWith(state: Acknowledgements, element: React.ReactElement) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(acknowledgementsQuery("acme").queryKey, state);
  return draw(<QueryClientProvider client={queries}>{element}</QueryClientProvider>);
}

describe("new changes", () => {
  const of = (...numbers: number[]) => numbers.map((seq) => ({ seq }));

  it("are those after the number up to which the list has all", () => {
    expect(freshOf({ items: of(9, 8, 7), next: 7 }, 7)).toEqual({ fresh: of(9, 8), gap: false });
    expect(freshOf({ items: of(7, 6), next: 6 }, 7)).toEqual({ fresh: [], gap: false });
    // What passes the filters of the list may be far older than what it has looked at.
    expect(freshOf({ items: of(900, 899), next: 899 }, 899)).toEqual({ fresh: of(900), gap: false });
  });

  it("leave a gap when the list ends before them", () => {
    expect(freshOf({ items: of(9, 8), next: 8 }, 3).gap).toBe(true);
    expect(freshOf({ items: of(9, 8), next: 8 }, 7).gap).toBe(false);
    expect(freshOf({ items: of(2, 1) }, 0).gap).toBe(false);
  });
});

it("counts what was looked at for a list, found or not", () => {
  expect(lookedAt([])).toBe(0);
  expect(lookedAt([{ items: [], through: 12_000, next: 7_001 }])).toBe(5_000);
  expect(
    lookedAt([
      { items: [], through: 12_000, next: 7_001 },
      { items: [{ seq: 3 }], through: 7_000 },
    ]),
  ).toBe(12_000);
  expect(lookedAt([{ items: [], through: 0 }])).toBe(0);
});

it("passes what is of the type and of the kind that are asked for", () => {
  expect(passes({}, renamed)).toBe(true);
  expect(passes({ type: "user.updated", of: "User" }, renamed)).toBe(true);
  expect(passes({ type: "user.created" }, renamed)).toBe(false);
  expect(passes({ of: "Group" }, renamed)).toBe(false);
});

it("gives the call whose answer begins with the change", () => {
  expect(feedCurl(tenant, 7)).toContain('"https://sync.example.com/api/v1/tenants/acme/changes?after=6&limit=1"');
  expect(feedCurl(tenant, 7)).toContain("Bearer $DIRECTORY_SYNC_KEY");
});

describe("one change", () => {
  const show = (change: Change, of = tenant, readers = [reader("Billing"), reader("CRM", { seq: 6 })]) =>
    drawWith(report({ readers }), <ChangeDetail change={change} tenant={of} slug="acme" partAs="h3" />);

  it("says what happened, with before and after, its request and its person", () => {
    show(renamed);
    expect(screen.getByText("Entra changed Ada Byron")).toBeVisible();
    expect(within(screen.getByRole("table")).getByText("Lead engineer")).toBeVisible();
    expect(screen.getByRole("link", { name: "Open in the sync log" })).toHaveAttribute(
      "href",
      "/t/acme/log/0192a000-aaaa-7000-8000-00000000beef",
    );
    expect(screen.getByRole("link", { name: "Open Ada Byron" })).toHaveAttribute("href", "/t/acme/users/u1");
  });

  it("leads nobody into the sync log who may not read it", () => {
    show(renamed, { ...tenant, rights: ["changes:acknowledge"] });
    expect(screen.queryByRole("link", { name: "Open in the sync log" })).toBeNull();
    expect(screen.getByText("0192a000-aaaa-7000-8000-00000000beef")).toBeVisible();
  });

  it("says which readers have it and which do not, and when where that is known", () => {
    show({
      ...renamed,
      acknowledged: [{ reader: { kind: "webhook", id: "w", name: "App" }, at: "2026-05-12T11:00:03Z", seconds: 3 }],
    });
    expect(screen.getByText(/^App, 3 sec after it was written$/)).toBeVisible();
    expect(screen.getByText("Billing has it")).toBeVisible();
    expect(screen.getByText("CRM has not confirmed it yet")).toBeVisible();
  });

  it("names members that came", () => {
    show({
      ...renamed,
      type: "group.members_changed",
      resourceType: "Group",
      before: undefined,
      after: undefined,
      membersAdded: [{ id: "u1", type: "User", name: "Ada Byron" }],
    } as unknown as Change);
    expect(screen.getByRole("link", { name: "Ada Byron" })).toHaveAttribute("href", "/t/acme/users/u1");
  });

  it("takes the call to the clipboard", async () => {
    const { user } = show(renamed);
    await user.click(screen.getByRole("button", { name: "Copy as curl" }));
    expect(await navigator.clipboard.readText()).toBe(feedCurl(tenant, 7));
  });
});

describe("whether readers are in step", () => {
  const show = (state: Acknowledgements) => drawWith(state, <StepState state={state} slug="acme" />);

  it("says how an app says so where none has", () => {
    show(report());
    expect(screen.getByText("No app has said yet what it has applied.")).toBeVisible();
    expect(screen.getByRole("link")).toHaveAttribute("href", "/t/acme/developers");
  });

  it("warns of who is late, and since when", () => {
    const late = { late: true, waiting: 12, oldestWaitingSince: "2026-05-12T10:00:00Z" };
    show(report({ readers: [reader("Billing", late), reader("CRM")] }));
    expect(screen.getByText(/Billing is late: 12 changes wait/)).toBeVisible();
    expect(screen.getByText("1 reader is in step")).toBeVisible();
    expect(standingOf({ late: true, waiting: 12 })).toEqual({ standing: "late", tone: "warn" });
    expect(standingOf({ late: false, waiting: 2 }).standing).toBe("waiting");
    expect(standingOf({ late: false, waiting: 0 }).standing).toBe("inStep");
  });

  it("shows how long it took, the rest without an end", async () => {
    const last24h = {
      count: 12,
      p50: 1,
      p95: 5,
      buckets: [{ upToSeconds: 1, count: 10 }, { count: 2 }],
    };
    const { user } = show(report({ readers: [reader("Billing")], last24h }));
    await user.click(screen.getByRole("button", { name: "Readers and times" }));
    const dialog = screen.getByRole("dialog");
    expect(within(dialog).getByText("12 changes were confirmed.")).toBeVisible();
    expect(within(dialog).getByText("Half within")).toBeVisible();
    expect(within(dialog).queryByText("99 of 100 within")).toBeNull();
    await user.click(within(dialog).getByText("Show as table"));
    expect(within(dialog).getByRole("row", { name: "longer 2" })).toBeInTheDocument();
    expect(within(dialog).getByText("9 of 9")).toBeVisible();
  });

  it("forgets one that will not come again, once that is confirmed", async () => {
    const calls: string[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      calls.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response(null, { status: 204 });
    });
    const { user } = show(report({ readers: [reader("Billing", { late: true, waiting: 1 })] }));
    await user.click(screen.getByRole("button", { name: "Readers and times" }));
    await user.click(screen.getByRole("button", { name: "Forget “Billing”" }));
    expect(calls).toEqual([]);
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Forget reader" }));
    expect(calls).toContain("DELETE /api/v1/tenants/acme/changes/acknowledgements/Billing");
  });
});
