/** Roles of the app: what there is, which groups give them, and who has them. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { AppRole, MappedRole, NewAppRole, RolePreview, UserAccess } from "./types";

/** Roles for all tenants, which whoever runs the service keeps. */
export const appRolesQuery = queryOptions({
  queryKey: ["appRoles"],
  queryFn: async ({ signal }): Promise<AppRole[]> => (await answer(client.GET("/roles", { signal }))).items,
});

export const createAppRole = (body: NewAppRole): Promise<AppRole> => answer(client.POST("/roles", { body }));

export const changeAppRole = (role: string, body: { name?: string; description?: string }): Promise<AppRole> =>
  answer(client.PATCH("/roles/{role}", { params: { path: { role } }, body }));

export const deleteAppRole = async (role: string): Promise<void> => {
  await answer(client.DELETE("/roles/{role}", { params: { path: { role } } }));
};

export const mappedRolesQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["mappedRoles", tenant],
    queryFn: async ({ signal }): Promise<MappedRole[]> =>
      (await answer(client.GET("/tenants/{tenant}/roles", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: 10_000,
  });

/** One group and the key of one role, and whether the two are to be parted. */
export type Mapping = { groupId: string; role: string; remove: boolean };

/** Who would get or lose the role; nothing changes. */
export const previewQuery = (tenant: string, mapping: Mapping) =>
  queryOptions({
    queryKey: ["mappedRoles", tenant, "preview", mapping],
    queryFn: ({ signal }): Promise<RolePreview> =>
      answer(
        client.POST("/tenants/{tenant}/role-mappings/preview", { params: { path: { tenant } }, body: mapping, signal }),
      ),
    // People come and go: what is shown is what would happen now.
    staleTime: 0,
    gcTime: 0,
  });

export const applyMapping = async (tenant: string, { groupId, role, remove }: Mapping): Promise<void> => {
  const params = { path: { tenant, group: groupId, role } };
  await (remove
    ? answer(client.DELETE("/tenants/{tenant}/role-mappings/{group}/{role}", { params }))
    : answer(client.PUT("/tenants/{tenant}/role-mappings/{group}/{role}", { params })));
};

export const userAccessQuery = (tenant: string, user: string) =>
  queryOptions({
    queryKey: ["user", tenant, user, "access"],
    queryFn: ({ signal }): Promise<UserAccess> =>
      answer(client.GET("/tenants/{tenant}/users/{user}/access", { params: { path: { tenant, user } }, signal })),
  });
