/** How a tenant is doing, told by a stream; while there is one, nothing that it tells is asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { figuresKey, healthQuery, problemsKey } from "./figures";
import { isFollowed, setFollowed } from "./followed";
import { useLiveStream } from "./live";
import { tenantQuery } from "./tenants";
import type { TenantHealthNews } from "./types";

/** Follows the tenant for as long as the page that asks for it is seen. */
export function useLiveHealth(tenant: string, may: boolean) {
  const queries = useQueryClient();
  const open = useLiveStream(may ? `/tenants/${encodeURIComponent(tenant)}/health/stream` : undefined, (message) => {
    const { connections, ...news } = message as TenantHealthNews;
    const { queryKey } = tenantQuery(tenant);
    const known = queries.getQueryData(queryKey);
    if (known) queries.setQueryData(queryKey, { ...known, ...news });
    queries.setQueryData(healthQuery(tenant).queryKey, connections);
    for (const key of [figuresKey(tenant), problemsKey(tenant), ["changes", tenant]])
      void queries.invalidateQueries({ queryKey: key });
  });
  useEffect(() => {
    if (!open) return;
    setFollowed(tenant, true);
    return () => {
      setFollowed(tenant, false);
      // What was told until now is asked for again, and from then on now and then.
      if (!isFollowed(tenant))
        for (const key of ["tenant", "health", "figures", "problems"])
          void queries.invalidateQueries({ queryKey: [key, tenant] });
    };
  }, [open, tenant, queries]);
}
