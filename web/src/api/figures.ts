/** What the requests of a tenant add up to. Nothing of it is counted here. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { slowerIfFollowed, unlessFollowed } from "./followed";
import type { ConnectionHealthReport, RequestFigures, RequestProblem } from "./types";

export const figuresKey = (tenant: string) => ["figures", tenant];
export const problemsKey = (tenant: string) => ["problems", tenant];

/** Every hour of the last `hours`, and all of them together. */
export const figuresQuery = (tenant: string, hours: number) =>
  queryOptions({
    queryKey: [...figuresKey(tenant), hours],
    queryFn: ({ signal }): Promise<RequestFigures> =>
      answer(client.GET("/tenants/{tenant}/figures", { params: { path: { tenant }, query: { hours } }, signal })),
    refetchInterval: slowerIfFollowed(tenant),
  });

/** What was rejected or failed in the last `hours`, by its cause, newest first. */
export const problemsQuery = (tenant: string, hours: number) =>
  queryOptions({
    queryKey: [...problemsKey(tenant), hours],
    queryFn: async ({ signal }): Promise<RequestProblem[]> =>
      (
        await answer(
          client.GET("/tenants/{tenant}/problems", { params: { path: { tenant }, query: { hours } }, signal }),
        )
      ).items,
    refetchInterval: slowerIfFollowed(tenant),
  });

/** How each open connection is doing. */
export const healthQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["health", tenant],
    queryFn: async ({ signal }): Promise<ConnectionHealthReport[]> =>
      (await answer(client.GET("/tenants/{tenant}/health", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: unlessFollowed(tenant),
  });
