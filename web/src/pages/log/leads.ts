/** Where a request leads: to the page of whom it was about, or to what happened to whoever is meant. */
import type { SyncEvent } from "../../api/types";
import { routes } from "../../routes";

export function leadsOf(
  slug: string,
  {
    outcome,
    resourceId,
    resourceType,
    identifiers,
  }: Pick<SyncEvent, "outcome" | "resourceId" | "resourceType" | "identifiers">,
): { page?: string; who?: string } {
  // Of what was refused the id may be the path's alone, and nobody's.
  if (outcome === "accepted" && resourceId !== undefined) {
    if (resourceType === "User") return { page: routes.user(slug, resourceId) };
    if (resourceType === "Group") return { page: routes.group(slug, resourceId) };
  }
  const who = identifiers[0] ?? resourceId;
  return who === undefined ? {} : { who };
}
