/** Schemas of a tenant's own. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ExtensionSchema } from "./types";

export const schemasQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["schemas", tenant],
    queryFn: async ({ signal }): Promise<ExtensionSchema[]> =>
      (await answer(client.GET("/tenants/{tenant}/schemas", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: 10_000,
  });
