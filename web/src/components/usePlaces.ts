/** The screens and tenants that what is typed may mean. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Building2, type LucideIcon } from "lucide-react";
import { tenantQuery, tenantsQuery } from "../api/tenants";
import type { Tenant } from "../api/types";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { buildScreens, type Screen, serviceScreens, tenantScreens } from "./menu";
import { useSession } from "./useSession";

export type Place = { href: string; label: string; icon: LucideIcon; slug?: string };

/** Places shown at once, and how many of them are kept for tenants when there are too many screens. */
const MOST = 8;
const TENANTS = 3;
/** Longer than any name of a tenant that somebody types: an id or an address, which no list of tenants is asked for. */
const LONGEST = 100;

/** Screens whose names have what is typed, and tenants, none of them the one that is open. */
export function placesOf(screens: readonly Screen[], tenants: readonly Tenant[], open: string, typed: string): Place[] {
  const asked = typed.trim().toLowerCase();
  const named = screens.filter(({ label }) => label.toLowerCase().includes(asked));
  const others = tenants
    .filter(({ slug }) => slug !== open)
    .map(({ slug, name }) => ({ href: routes.tenant(slug), label: name, icon: Building2, slug }));
  const shown = named.slice(0, MOST - Math.min(TENANTS, others.length));
  return [...shown, ...others.slice(0, MOST - shown.length)];
}

export function usePlaces(tenant: string, typed: string): Place[] {
  const { menu } = useMessages();
  const session = useSession();
  const { data } = useQuery(tenantQuery(tenant));
  const search = typed.trim();
  const tenants = useInfiniteQuery({
    ...tenantsQuery({ search: search || undefined }),
    enabled: search.length <= LONGEST,
    placeholderData: keepPreviousData,
  });
  const rights = data?.rights ?? [];
  const groups = [
    ...tenantScreens(tenant, rights, menu),
    ...serviceScreens(session, menu),
    buildScreens(tenant, rights, menu),
  ];
  const found = search.length <= LONGEST ? (tenants.data?.pages[0]?.items ?? []) : [];
  return placesOf(
    groups.flatMap(({ entries }) => entries),
    found,
    tenant,
    typed,
  );
}
