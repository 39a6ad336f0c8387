/** What needs somebody and is neither a request nor a webhook. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { slowerIfFollowed } from "./followed";
import type { UnresolvedMembers } from "./types";

/** How many members of groups are not here yet, and which groups wait for most. */
export const unresolvedQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["unresolved", tenant],
    queryFn: ({ signal }): Promise<UnresolvedMembers> =>
      answer(client.GET("/tenants/{tenant}/unresolved-members", { params: { path: { tenant } }, signal })),
    refetchInterval: slowerIfFollowed(tenant),
  });
