/** Tenants and the service as a whole. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { System, Tenant } from "./types";

export const tenantsQuery = (filter: { search?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["tenants", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/tenants", { params: { query: { ...filter, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 30_000,
  });

export const tenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["tenant", tenant],
    queryFn: ({ signal }): Promise<Tenant> =>
      answer(client.GET("/tenants/{tenant}", { params: { path: { tenant } }, signal })),
    refetchInterval: 10_000,
  });

export const createTenant = (body: { name: string; slug?: string }): Promise<Tenant> =>
  answer(client.POST("/tenants", { body }));

export const changeTenant = (
  tenant: string,
  body: { name?: string; state?: "active" | "suspended" },
): Promise<Tenant> => answer(client.PATCH("/tenants/{tenant}", { params: { path: { tenant } }, body }));

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }): Promise<System> => answer(client.GET("/system", { signal })),
});
