import type { Role, TenantRole } from "../../api/types";

/** What one can be in a tenant, from most to least. */
export const tenantRoles: readonly TenantRole[] = ["admin", "developer", "viewer"];

/** Roles a key may be given by somebody in `own`: those that reach no further. The service decides; this only offers. */
export function keyRoles(own: Role): readonly TenantRole[] {
  return own === "admin" || own === "operator" ? tenantRoles : own === "developer" ? ["developer"] : [];
}
