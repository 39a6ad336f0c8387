/** How a tenant is doing, told by a stream; while there is one, what it tells is not asked for, and the rest less often. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { figuresKey, healthQuery, problemsKey } from "./figures";
import { isFollowed, NOW_AND_THEN, setFollowed } from "./followed";
import { inTurns } from "./inTurns";
import { useLiveStream } from "./live";
import { tenantQuery } from "./tenants";
import { setTold } from "./told";
import type { TenantHealthNews } from "./types";

/** Between two askings for what a message says is another now: a busy tenant sends one a second. */
const PAUSE = 5_000;

/**
 * Follows the tenant for as long as the page that asks for it is seen. Gives how many readers of its changes are late: only
 * the stream tells that, so it is kept apart from what is asked for, and nothing is said of it without a stream.
 */
export function useLiveHealth(tenant: string, may: boolean): number {
  const queries = useQueryClient();
  const [late, setLate] = useState({ tenant, readers: 0 });
  const others = useMemo(
    () =>
      inTurns(PAUSE, () => {
        for (const key of [figuresKey(tenant), problemsKey(tenant), ["changes", tenant], ["unresolved", tenant]])
          void queries.invalidateQueries({ queryKey: key });
      }),
    [tenant, queries],
  );
  // Whatever a message writes begins the tenant's own time anew: a busy one would never be asked for again.
  const itself = useMemo(
    () => inTurns(NOW_AND_THEN, () => void queries.invalidateQueries({ queryKey: tenantQuery(tenant).queryKey })),
    [tenant, queries],
  );
  useEffect(() => others.stop, [others]);
  useEffect(() => itself.stop, [itself]);
  const open = useLiveStream(may ? `/tenants/${encodeURIComponent(tenant)}/health/stream` : undefined, (message) => {
    const { connections, lateReaders: readers = 0, ...news } = message as TenantHealthNews;
    setLate({ tenant, readers });
    const { queryKey } = tenantQuery(tenant);
    const known = queries.getQueryData(queryKey);
    if (known) setTold(queries, queryKey, { ...known, ...news });
    setTold(queries, healthQuery(tenant).queryKey, connections);
    others.ask();
    itself.ask();
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
  return open && late.tenant === tenant ? late.readers : 0;
}
