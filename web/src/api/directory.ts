/** People and groups as the IdP sent them, and the changes that made them so. Read only. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { sinceOf } from "./log";
import type { Change, GroupDetail, UserDetail } from "./types";

const PAGE = 100;

type Cursor = string | undefined;

/** Which people are wanted; `changed` is for how long they may have changed last. */
export type UsersFilter = {
  search?: string | undefined;
  active?: boolean | undefined;
  changed?: "24h" | "7d" | undefined;
  inGroup?: boolean | undefined;
};

export const usersQuery = (tenant: string, { changed, ...filter }: UsersFilter) =>
  infiniteQueryOptions({
    queryKey: ["users", tenant, { changed, ...filter }],
    queryFn: async ({ pageParam, signal }) => {
      const changedSince = changed && sinceOf(changed, Date.now());
      const part = (after: Cursor) =>
        answer(
          client.GET("/tenants/{tenant}/users", {
            params: { path: { tenant }, query: { ...filter, changedSince, after, limit: PAGE } },
            signal,
          }),
        );
      let page = await part(pageParam);
      // Few of many are looked for a part at a time, and a part may have none of them.
      while (page.items.length === 0 && page.next !== undefined) page = await part(page.next);
      return page;
    },
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next,
  });

export const userQuery = (tenant: string, user: string) =>
  queryOptions({
    queryKey: ["user", tenant, user],
    queryFn: ({ signal }): Promise<UserDetail> =>
      answer(client.GET("/tenants/{tenant}/users/{user}", { params: { path: { tenant, user } }, signal })),
  });

export const groupsOfUserQuery = (tenant: string, user: string) =>
  infiniteQueryOptions({
    queryKey: ["user", tenant, user, "groups"],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/users/{user}/groups", {
          params: { path: { tenant, user }, query: { after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next,
  });

export const groupsQuery = (tenant: string, filter: { search?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["groups", tenant, filter],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/groups", {
          params: { path: { tenant }, query: { ...filter, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next,
  });

export const groupQuery = (tenant: string, group: string) =>
  queryOptions({
    queryKey: ["group", tenant, group],
    queryFn: ({ signal }): Promise<GroupDetail> =>
      answer(client.GET("/tenants/{tenant}/groups/{group}", { params: { path: { tenant, group } }, signal })),
  });

export const membersQuery = (tenant: string, group: string, filter: { search?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ["group", tenant, group, "members", filter],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/groups/{group}/members", {
          params: { path: { tenant, group }, query: { ...filter, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next,
  });

/** The members whom the IdP named before it sent them. */
export const unresolvedMembersQuery = (tenant: string, group: string) =>
  infiniteQueryOptions({
    queryKey: ["group", tenant, group, "unresolved"],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/groups/{group}/unresolved-members", {
          params: { path: { tenant, group }, query: { after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next,
  });

/** The newest changes of the tenant, or of one resource. */
export const latestChangesQuery = (tenant: string, { limit, resource }: { limit: number; resource?: string }) =>
  queryOptions({
    queryKey: ["changes", tenant, { limit, resource }],
    queryFn: async ({ signal }): Promise<Change[]> =>
      (
        await answer(
          client.GET("/tenants/{tenant}/changes", {
            params: { path: { tenant }, query: { order: "desc", limit, resource } },
            signal,
          }),
        )
      ).items,
    refetchInterval: 10_000,
  });
