import { type InfiniteData, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { timelineQuery } from "../../api/timeline";
import type { Tenant, TimelineItem } from "../../api/types";
import type { StorySearch } from "../../routes";
import { draw } from "../../test/draw";
import { Timeline } from "./Timeline";

afterEach(() => vi.unstubAllGlobals());

const tenantWith = (rights: string[]): Tenant => ({
  id: "0192a000-aaaa-7000-8000-000000000001",
  slug: "acme",
  name: "Acme Corp",
  state: "active",
  logBodies: "masked",
  logDays: 90,
  changeDays: 90,
  ceiling: { rule: "general" },
  scimUrl: "https://sync.example.com/scim/acme/v2",
  createdAt: "2026-05-12T08:00:00Z",
  rights,
  people: { total: 1, active: 1 },
  groups: 0,
  day: { requests: 0, refused: 0 },
  connections: [],
  health: "working",
});

const refused: TimelineItem = {
  at: "2026-05-12T12:00:00Z",
  changes: [],
  repairs: [{ rule: "boolean_from_text", attribute: "active", sent: '"True"', read: "true" }],
  request: {
    id: "0192a000-aaaa-7000-8000-00000000beef",
    at: "2026-05-12T12:00:00Z",
    outcome: "rejected",
    status: 409,
    method: "POST",
    path: "/Users",
    sentence: "Refused Ada Byron: userName is taken",
    cause: { code: "uniqueness", params: { attribute: "userName", value: "ada@acme.test", holder: "u2" } },
    resourceName: "Ada Byron",
    idp: "entra",
    durationMs: 3,
    repairs: 1,
  },
};

const renamed: TimelineItem = {
  at: "2026-05-12T11:00:00Z",
  repairs: [],
  changes: [
    {
      seq: 7,
      type: "user.updated",
      resourceType: "User",
      resourceId: "u1",
      resourceName: "Ada Byron",
      version: 2,
      at: "2026-05-12T11:00:00Z",
      actor: { kind: "connection", idp: "entra" },
      before: { title: "Engineer" },
      after: { title: "Lead engineer" },
    },
  ],
};

function drawStory(
  items: TimelineItem[] | undefined,
  { search = {}, rights = ["changes:read", "log:read"] }: { search?: StorySearch; rights?: string[] } = {},
) {
  const change = vi.fn();
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } },
  });
  if (items) {
    const subjects = [{ id: "u1", resourceType: "User" as const, name: "Ada Byron", here: true }];
    const data: InfiniteData<unknown, unknown> = { pages: [{ items, subjects }], pageParams: [undefined] };
    queries.setQueryData(timelineQuery("acme", "u1", search.reads === "1").queryKey as readonly unknown[], data);
  }
  const drawn = draw(
    <QueryClientProvider client={queries}>
      <Timeline tenant={tenantWith(rights)} slug="acme" of="u1" about="user" search={search} change={change} />
    </QueryClientProvider>,
  );
  return { ...drawn, change };
}

it("says why something was refused, what was repaired, and what to do in place", async () => {
  const { user } = drawStory([refused]);
  const told = await screen.findByText(
    "Ada Byron was rejected: the userName ada@acme.test already belongs to someone else.",
  );
  const row = within(told.closest("li") as HTMLElement);
  expect(row.getByText("Rejected")).toBeInTheDocument();
  expect(row.getByText("read as", { exact: false })).toHaveTextContent('active "True" read as true');
  expect(row.getByText("POST 409")).toBeInTheDocument();
  expect(row.getByRole("link", { name: /^Request/ })).toHaveAttribute(
    "href",
    "/t/acme/log/0192a000-aaaa-7000-8000-00000000beef",
  );
  expect(row.queryByText(/match them in the IdP/)).not.toBeInTheDocument();
  await user.click(row.getByText("What to do"));
  expect(await row.findByText(/match them in the IdP/)).toBeInTheDocument();
  expect(row.getByRole("link", { name: "Who holds it" })).toHaveAttribute("href", "/t/acme/who?of=u2");
  await user.click(row.getByText("How to avoid it"));
  expect(await row.findByText(/^Nothing has to be done.*in Entra/)).toBeInTheDocument();
});

it("opens a change in place to what differs", async () => {
  const { user } = drawStory([renamed]);
  const sentence = await screen.findByText("Entra changed Ada Byron");
  expect(sentence).toHaveTextContent("title Engineer → Lead engineer");
  expect(screen.queryByRole("table")).not.toBeInTheDocument();
  await user.click(sentence);
  expect(await screen.findByRole("table")).toHaveTextContent("Lead engineer");
});

it("switches kinds off and reads on by what the address is to hold", async () => {
  const { user, change } = drawStory([refused, renamed], { search: { changes: "0" } });
  expect(await screen.findByRole("button", { name: "Changes" })).toHaveAttribute("aria-pressed", "false");
  expect(screen.queryByText("Entra changed Ada Byron")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Refusals" }));
  expect(change).toHaveBeenLastCalledWith({ refusals: "0" });
  await user.click(screen.getByRole("button", { name: "Changes" }));
  expect(change).toHaveBeenLastCalledWith({ changes: undefined });
  await user.click(screen.getByRole("button", { name: "Reads" }));
  expect(change).toHaveBeenLastCalledWith({ reads: "1" });
});

it("says so when nothing of what is loaded is shown", async () => {
  drawStory([renamed], { search: { changes: "0" } });
  expect(await screen.findByText("What is loaded has nothing of what is shown.")).toBeInTheDocument();
});

it("offers nothing of the log to who may not read it", async () => {
  drawStory([renamed], { rights: ["changes:read"] });
  expect(await screen.findByText("Entra changed Ada Byron")).toBeInTheDocument();
  expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual(["Changes", "Memberships"]);
  expect(screen.queryByRole("link")).not.toBeInTheDocument();
});

it("says what is kept of somebody of whom nothing is", async () => {
  drawStory([]);
  expect(await screen.findByText("No change of this person is kept.")).toBeInTheDocument();
});

it("says that it failed, and offers to try again", async () => {
  vi.stubGlobal("fetch", async () =>
    Response.json({ code: "internal", status: 500, title: "failed", requestId: "r-1" }, { status: 500 }),
  );
  drawStory(undefined);
  expect(await screen.findByRole("alert")).toHaveTextContent("r-1");
  expect(screen.getByRole("button", { name: "Retry" })).toBeInTheDocument();
});

it("says at a change who has acknowledged it, and after how long", async () => {
  const acknowledged = [
    { reader: { kind: "apiKey" as const, id: "k1", name: "Billing" }, at: "2026-05-12T11:00:03Z", seconds: 3 },
    { reader: { kind: "webhook" as const, id: "h1", name: "Hook" }, at: "2026-05-12T11:05:30Z", seconds: 330 },
  ];
  drawStory([{ ...renamed, changes: renamed.changes.map((change) => ({ ...change, acknowledged })) }]);
  const sentence = await screen.findByText("Entra changed Ada Byron");
  expect(within(sentence).getByText("Billing acknowledged after 3 s")).toBeInTheDocument();
  expect(within(sentence).getByText("Hook acknowledged after 5 min")).toBeInTheDocument();
});

it("says where a change stands with each webhook: at once what is stuck, and all of it inside", async () => {
  const deliveries = [
    {
      webhookId: "h1",
      name: "App",
      state: "delivered" as const,
      attempts: 2,
      status: 200,
      millis: 41,
      deliveredAt: "2026-05-12T11:00:03Z",
    },
    {
      webhookId: "h2",
      name: "Billing",
      state: "parked" as const,
      attempts: 12,
      status: 500,
      reason: "it answered with status 500",
      triedAt: "2026-05-12T11:05:30Z",
    },
    { webhookId: "h3", name: "CRM", state: "waiting" as const, attempts: 0 },
  ];
  const { user } = drawStory([{ ...renamed, changes: renamed.changes.map((change) => ({ ...change, deliveries })) }]);
  const sentence = await screen.findByText("Entra changed Ada Byron");
  expect(within(sentence).getByText("Billing does not have it yet")).toBeInTheDocument();
  expect(within(sentence).queryByText("CRM does not have it yet")).not.toBeInTheDocument();
  await user.click(sentence);
  const told = (name: string) => within(screen.getByRole("link", { name }).closest("li") as HTMLElement);
  expect(told("App").getByText("answered 200 in 41 ms, at try 2")).toBeInTheDocument();
  expect(told("Billing").getByText("waits: the webhook is parked")).toBeInTheDocument();
  expect(told("Billing").getByText(/tried 12 times: it answered with status 500/)).toBeInTheDocument();
  expect(told("CRM").getByText("waits for its turn")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "App" })).toHaveAttribute("href", "/t/acme/webhooks/h1");
});
