import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { tenantQuery } from "../../api/tenants";
import type { Tenant, TenantHealthNews } from "../../api/types";
import { deHealth } from "../../messages/health.de";
import { patterns } from "../../routes";
import { draw } from "../../test/draw";
import { OverviewPage } from "./OverviewPage";

afterEach(() => vi.unstubAllGlobals());

/** A stream that the test speaks through. */
class Stream {
  static readonly CLOSED = 2;
  static last: Stream | undefined;
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;
  onmessage?: (message: { data: string }) => void;
  constructor(readonly url: string) {
    if (url.endsWith("/health/stream")) Stream.last = this;
    queueMicrotask(() => this.onopen?.());
  }
  close() {}
}

const news: TenantHealthNews = {
  health: "working",
  lastRequestAt: "2026-05-12T12:00:00Z",
  people: { total: 1, active: 1 },
  groups: 0,
  day: { requests: 1, refused: 0 },
  connections: [],
};

const hours = [{ at: "2026-05-12T12:00:00Z", accepted: 0, rejected: 0, failed: 0 }];
const figures = { hours, requests: 0, accepted: 0, rejected: 0, failed: 0 };

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
  lastRequestAt: "2026-05-12T12:00:00Z",
  rights,
  people: { total: 1, active: 1 },
  groups: 0,
  day: { requests: 1, refused: 0 },
  connections: [],
  health: "working",
});

async function overview(rights = ["log:read", "changes:read", "changes:acknowledge"]) {
  let asked = 0;
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/tenants/acme")) {
      asked += 1;
      return Response.json({ ...tenantWith(rights), name: `Acme ${asked}` });
    }
    if (pathname.endsWith("/figures")) return Response.json(figures);
    return Response.json({ items: [] });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: patterns.tenant, component: OverviewPage });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: ["/t/acme"] }),
  });
  draw(
    <QueryClientProvider client={queries}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  await screen.findByRole("heading", { level: 1, name: "Acme 1" });
  const tell = (more: Partial<TenantHealthNews>) =>
    act(async () => Stream.last?.onmessage?.({ data: JSON.stringify({ ...news, ...more }) }));
  const askAgain = async () => {
    await act(() => queries.refetchQueries({ queryKey: tenantQuery("acme").queryKey }));
    await screen.findByRole("heading", { level: 1, name: `Acme ${asked}` });
  };
  return { tell, askAgain, queries };
}

const notice = () => screen.queryByText(/of the changes (is|are) late: your app has not applied/);

it("says how many readers are late for as long as the stream says so, whatever the tenant itself is told as", async () => {
  const { tell, askAgain, queries } = await overview();
  await tell({});
  expect(notice()).toBeNull();
  await tell({ lateReaders: 1 });
  await waitFor(() => expect(notice()).toHaveTextContent(/^1 reader of the changes is late:/));
  expect(screen.getByRole("link", { name: "Go to changes" })).toHaveAttribute("href", "/t/acme/changes");
  await tell({ lateReaders: 3 });
  expect(notice()).toHaveTextContent(/^3 readers of the changes are late:/);
  await askAgain();
  expect(notice()).toBeVisible();
  await tell({ groups: 7 });
  expect(notice()).toBeNull();
  expect(queries.getQueryData(tenantQuery("acme").queryKey)).toMatchObject({ groups: 7 });
});

it("says nothing of readers while no stream tells, and the same again once it goes on", async () => {
  const { tell } = await overview();
  await tell({ lateReaders: 2 });
  await waitFor(() => expect(notice()).toBeVisible());
  await act(async () => Stream.last?.onerror?.());
  expect(notice()).toBeNull();
  await act(async () => Stream.last?.onopen?.());
  expect(notice()).toBeVisible();
});

it("leads nobody to a page that is not theirs", async () => {
  const { tell } = await overview(["log:read", "changes:read"]);
  await tell({ lateReaders: 2 });
  await waitFor(() => expect(notice()).toBeVisible());
  expect(screen.queryByRole("link", { name: "Go to changes" })).toBeNull();
});

it("counts them in German, too", () => {
  expect(deHealth.health.late(1)).toMatch(/^1 Leser der Änderungen ist zu spät:/);
  expect(deHealth.health.late(1_200)).toMatch(/^1\.200 Leser der Änderungen sind zu spät:/);
});
