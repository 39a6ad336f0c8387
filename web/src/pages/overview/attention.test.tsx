import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, within } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { deHealth } from "../../messages/health.de";
import { draw } from "../../test/draw";
import Attention from "./Attention";

afterEach(() => vi.unstubAllGlobals());

const id = (n: number) => `0192a000-aaaa-7000-8000-00000000000${n}`;
const problem = { outcome: "rejected", cause: "uniqueness", count: 3, lastAt: "2026-05-12T12:00:00Z", connections: [] };
const failure = { since: "2026-05-12T09:00:00Z", attempts: 3, reason: "The answer was 503.", status: 503 };
const group = (n: number, displayName: string) => ({ id: id(n), displayName, unresolvedMembers: 9 - n });

const all = ["log:read", "directory:read", "webhooks:manage"];
const nobody = { members: 0, groups: 0, most: [] };

type Answers = { problems?: object[]; waiting?: object; webhooks?: object[] };

/** Draws it over these answers; gives what was asked for. */
function show({ problems = [], waiting = nobody, webhooks = [] }: Answers, rights = all) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const what = new URL(request.url).pathname.split("/").at(-1) ?? "";
    asked.push(what);
    if (what === "unresolved-members") return Response.json(waiting);
    return Response.json({ items: what === "problems" ? problems : webhooks });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  draw(
    <QueryClientProvider client={queries}>
      <Attention tenant="acme" rights={rights} />
    </QueryClientProvider>,
  );
  return { asked, queries };
}

const region = () => screen.findByRole("region", { name: "Needs attention" });
const links = (inside: HTMLElement) =>
  within(inside)
    .getAllByRole("link")
    .map((link) => link.getAttribute("href"));

it("tells of problems that still stand, and no more of one once all of it is over", async () => {
  const newest = { id: id(7) };
  const { queries } = show({
    problems: [
      { ...problem, open: 1, newest },
      { ...problem, cause: "stale", open: 0 },
    ],
  });
  const shown = await region();
  expect(within(shown).getAllByRole("listitem")).toHaveLength(1);
  expect(shown).toHaveTextContent("1 of 3 requests,");
  expect(shown).toHaveTextContent("last 24 hours");
  expect(links(shown)[0]).toContain(`/t/acme/log/${id(7)}`);
  queries.setQueryData(["problems", "acme", 24], [{ ...problem, open: 0 }]);
  await vi.waitFor(() => expect(screen.queryByRole("region")).toBeNull());
});

it("tells of members who are not here yet and leads to the groups that wait for them", async () => {
  const most = [group(1, "Staff"), group(2, "Leads"), group(3, "Sales"), group(4, "Board")];
  show({ waiting: { members: 1_234, groups: 40, most } });
  const shown = await region();
  expect(shown).toHaveTextContent("1,234 members the IdP named are not here yet");
  expect(shown).toHaveTextContent("Staff, Leads, Sales and 37 more groups");
  expect(shown).not.toHaveTextContent("last 24 hours");
  expect(links(shown)).toEqual([1, 2, 3].map((n) => `/t/acme/groups/${id(n)}?tab=waiting`));
});

it("tells of webhooks that were given up and of those that get nothing through, and leads to one or to all", async () => {
  const webhook = (n: number, name: string, more: object) => ({ id: id(n), name, waiting: 2, ...more });
  show({
    webhooks: [
      webhook(1, "App", { state: "parked", failure }),
      webhook(2, "Billing", { state: "active", failure }),
      webhook(3, "Mail", { state: "active", failure }),
      webhook(4, "Stopped", { state: "paused", failure }),
      webhook(5, "Well", { state: "active" }),
    ],
  });
  const shown = await region();
  expect(shown).toHaveTextContent("1 webhook was given up: nothing is sent any more");
  expect(shown).toHaveTextContent("2 webhooks get nothing through at present");
  expect(shown).toHaveTextContent("Billing, Mail");
  expect(shown).not.toHaveTextContent("Stopped");
  expect(links(shown)).toEqual([`/t/acme/webhooks/${id(1)}`, "/t/acme/webhooks"]);
});

it("asks for nothing that is not the reader's, and shows nothing where nothing is wrong", async () => {
  const { asked } = show({}, ["directory:read"]);
  await vi.waitFor(() => expect(asked).toEqual(["unresolved-members"]));
  expect(screen.queryByRole("region")).toBeNull();
});

it("counts in German, too", () => {
  const { attention } = deHealth;
  expect(attention.problems(1, 3)).toBe("1 von 3 Anfragen");
  expect(attention.problems(1, 1)).toBe("1 Anfrage");
  expect(attention.unresolved(1)).toBe("1 Mitglied, das der IdP nannte, ist noch nicht hier");
  expect(attention.names(["A", "B"], 2)).toBe("A, B und 2 weitere");
  expect(attention.names(["A", "B", "C"], 1)).toBe("A, B, C und 1 weiterer");
});
