import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { tenantQuery } from "../api/tenants";
import type { Tenant } from "../api/types";
import { Loaded } from "./Loaded";
import { Missing } from "./Missing";

/** A page inside a tenant that needs one right there; without it the page is missing, like one that never was. */
export function TenantPage({
  slug,
  right,
  children,
}: {
  slug: string;
  right: string;
  children: (tenant: Tenant) => ReactNode;
}) {
  const query = useQuery(tenantQuery(slug));
  return (
    <Loaded query={query} missing heads>
      {(tenant) => (tenant.rights.includes(right) ? children(tenant) : <Missing />)}
    </Loaded>
  );
}
