/** Keys with which programs call this API: of a tenant, or of the service where no tenant is named. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ApiKey, TenantRole } from "./types";

export const apiKeysQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: ["apiKeys", tenant],
    queryFn: async ({ signal }): Promise<ApiKey[]> => {
      const page =
        tenant === undefined
          ? await answer(client.GET("/api-keys", { signal }))
          : await answer(client.GET("/tenants/{tenant}/api-keys", { params: { path: { tenant } }, signal }));
      return page.items;
    },
    refetchInterval: 10_000,
  });

export type NewApiKey = { name: string; role: TenantRole; lifetimeDays?: number };

/** The answer holds the key in clear, this one time: keep it out of caches and storage. */
export const issueApiKey = (
  tenant: string | undefined,
  { role, ...order }: NewApiKey,
): Promise<{ apiKey: ApiKey; token: string }> =>
  tenant === undefined
    ? answer(client.POST("/api-keys", { body: order }))
    : answer(client.POST("/tenants/{tenant}/api-keys", { params: { path: { tenant } }, body: { ...order, role } }));

export const revokeApiKey = (tenant: string | undefined, key: string): Promise<ApiKey> =>
  tenant === undefined
    ? answer(client.POST("/api-keys/{key}/revoke", { params: { path: { key } } }))
    : answer(client.POST("/tenants/{tenant}/api-keys/{key}/revoke", { params: { path: { tenant, key } } }));
