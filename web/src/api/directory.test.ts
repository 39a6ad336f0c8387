/** The list of people where few of many are wanted. */
import { QueryClient } from "@tanstack/react-query";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { usersQuery } from "./directory";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

it("reads on over parts in which nobody was found, under the same filters", async () => {
  const asked: URLSearchParams[] = [];
  const parts: Record<string, object> = {
    "": { items: [], next: "1" },
    "1": { items: [], next: "2" },
    "2": { items: [{ id: "ada" }], next: "3" },
  };
  server.use(
    http.get(`${window.location.origin}/api/v1/tenants/acme/users`, ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(query);
      return HttpResponse.json(parts[query.get("after") ?? ""]);
    }),
  );
  const queries = new QueryClient();
  const { pages } = await queries.fetchInfiniteQuery(usersQuery("acme", { changed: "7d", inGroup: false }));
  expect(pages).toEqual([{ items: [{ id: "ada" }], next: "3" }]);
  expect(asked.map((query) => query.get("after"))).toEqual([null, "1", "2"]);
  for (const query of asked) {
    expect(query.get("inGroup")).toBe("false");
    expect(Date.now() - Date.parse(query.get("changedSince") ?? "")).toBeLessThan(7 * 86_400_000 + 120_000);
  }
});
