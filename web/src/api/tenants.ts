/** Tenants and the service as a whole. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { lessIfFollowed } from "./followed";
import type { CeilingChange, OldSlug, System, Tenant, TenantOrder, TenantStanding } from "./types";

export type TenantsFilter = {
  search?: string | undefined;
  standing?: TenantStanding | undefined;
  sort?: TenantOrder | undefined;
  descending?: boolean | undefined;
};

export const tenantsQuery = (filter: TenantsFilter) =>
  infiniteQueryOptions({
    queryKey: ["tenants", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(client.GET("/tenants", { params: { query: { ...filter, after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  });

export const tenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["tenant", tenant],
    queryFn: ({ signal }): Promise<Tenant> =>
      answer(client.GET("/tenants/{tenant}", { params: { path: { tenant } }, signal })),
    refetchInterval: lessIfFollowed(tenant),
  });

export const createTenant = (body: { name: string; slug?: string }): Promise<Tenant> =>
  answer(client.POST("/tenants", { body }));

export const changeTenant = (
  tenant: string,
  body: {
    name?: string;
    slug?: string;
    state?: "active" | "suspended";
    ceiling?: CeilingChange;
    logBodies?: Tenant["logBodies"];
    logDays?: number;
    changeDays?: number;
    /** `null`: no such time. */
    acknowledgementTargetSeconds?: number | null;
  },
): Promise<Tenant> => answer(client.PATCH("/tenants/{tenant}", { params: { path: { tenant } }, body }));

/** Deletes a tenant with all it has; `confirm` is its slug, typed by whoever means it. */
export const deleteTenant = (tenant: string, confirm: string): Promise<Tenant> =>
  answer(client.DELETE("/tenants/{tenant}", { params: { path: { tenant }, query: { confirm } } }));

export const oldSlugsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["oldSlugs", tenant],
    queryFn: async ({ signal }): Promise<OldSlug[]> =>
      (await answer(client.GET("/tenants/{tenant}/old-slugs", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: 10_000,
  });

export const dropOldSlug = async (tenant: string, slug: string): Promise<void> => {
  await answer(client.DELETE("/tenants/{tenant}/old-slugs/{slug}", { params: { path: { tenant, slug } } }));
};

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: ({ signal }): Promise<System> => answer(client.GET("/system", { signal })),
});
