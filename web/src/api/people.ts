/** People of the console, who was asked to join them, and links for who forgot their password. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Invitation, MadeInvitation, ResetLink, Role, TenantRole } from "./types";

/** Everybody, for operators. */
export const allPeopleQuery = infiniteQueryOptions({
  queryKey: ["people"],
  queryFn: ({ pageParam, signal }) =>
    answer(client.GET("/people", { params: { query: { after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

/** Those with a role in a tenant. */
export const tenantPeopleQuery = (tenant: string) =>
  infiniteQueryOptions({
    queryKey: ["people", tenant],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/people", {
          params: { path: { tenant }, query: { after: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Who was invited into a tenant, or to run the service where no tenant is named, and has not answered yet. */
export const invitationsQuery = (tenant: string | undefined) =>
  queryOptions({
    queryKey: ["invitations", tenant],
    queryFn: async ({ signal }): Promise<Invitation[]> => {
      const page =
        tenant === undefined
          ? await answer(client.GET("/invitations", { signal }))
          : await answer(client.GET("/tenants/{tenant}/invitations", { params: { path: { tenant } }, signal }));
      return page.items;
    },
  });

/** The answer may hold the link in clear, this one time: keep it out of caches and storage. */
export const invite = (
  tenant: string | undefined,
  { role, ...who }: { email: string; name: string; role: Role },
): Promise<MadeInvitation> =>
  tenant === undefined
    ? answer(client.POST("/invitations", { body: who }))
    : answer(client.POST("/tenants/{tenant}/invitations", { params: { path: { tenant } }, body: { ...who, role } }));

/** As `invite`; the link before is void. */
export const renewInvitation = (tenant: string | undefined, invitation: string): Promise<MadeInvitation> =>
  tenant === undefined
    ? answer(client.POST("/invitations/{invitation}/renew", { params: { path: { invitation } } }))
    : answer(
        client.POST("/tenants/{tenant}/invitations/{invitation}/renew", { params: { path: { tenant, invitation } } }),
      );

export const revokeInvitation = (tenant: string | undefined, invitation: string): Promise<unknown> =>
  tenant === undefined
    ? answer(client.DELETE("/invitations/{invitation}", { params: { path: { invitation } } }))
    : answer(client.DELETE("/tenants/{tenant}/invitations/{invitation}", { params: { path: { tenant, invitation } } }));

export const changeRole = (tenant: string, person: string, role: TenantRole): Promise<unknown> =>
  answer(client.PATCH("/tenants/{tenant}/people/{person}", { params: { path: { tenant, person } }, body: { role } }));

export const removeFromTenant = (tenant: string, person: string): Promise<unknown> =>
  answer(client.DELETE("/tenants/{tenant}/people/{person}", { params: { path: { tenant, person } } }));

export const changePerson = (person: string, body: { name?: string; operator?: boolean }): Promise<unknown> =>
  answer(client.PATCH("/people/{person}", { params: { path: { person } }, body }));

export const removePerson = (person: string): Promise<unknown> =>
  answer(client.DELETE("/people/{person}", { params: { path: { person } } }));

export const endSessionsOf = (person: string): Promise<unknown> =>
  answer(client.DELETE("/people/{person}/sessions", { params: { path: { person } } }));

/** The answer may hold the link in clear, this one time: keep it out of caches and storage. */
export const makePasswordLink = (person: string): Promise<ResetLink> =>
  answer(client.POST("/people/{person}/password-reset", { params: { path: { person } } }));
