/** Connections of a tenant and what they prove themselves with. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Connection, Credential, CredentialRights, Idp, Rotation } from "./types";

export const connectionsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["connections", tenant],
    queryFn: async ({ signal }): Promise<Connection[]> =>
      (await answer(client.GET("/tenants/{tenant}/connections", { params: { path: { tenant } }, signal }))).items,
  });

export const credentialsQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["credentials", tenant],
    queryFn: async ({ signal }): Promise<Credential[]> =>
      (await answer(client.GET("/tenants/{tenant}/credentials", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: 10_000,
  });

export const createConnection = (tenant: string, body: { name: string; idp: Idp }): Promise<Connection> =>
  answer(client.POST("/tenants/{tenant}/connections", { params: { path: { tenant } }, body }));

export const changeConnection = (
  tenant: string,
  connection: string,
  body: { name?: string; strict?: boolean; state?: "closed" },
): Promise<Connection> =>
  answer(
    client.PATCH("/tenants/{tenant}/connections/{connection}", { params: { path: { tenant, connection } }, body }),
  );

export type NewCredential = {
  connectionId: string;
  name: string;
  rights: CredentialRights;
  /** Days until it ends; without it the credential has no end. */
  lifetimeDays?: 90 | 365;
};

/** The answer holds the token in clear, this one time: keep it out of caches and storage. */
export const issueCredential = (
  tenant: string,
  body: NewCredential,
): Promise<{ credential: Credential; token: string }> =>
  answer(client.POST("/tenants/{tenant}/credentials", { params: { path: { tenant } }, body }));

export const revokeCredential = (tenant: string, credential: string): Promise<Credential> =>
  answer(
    client.POST("/tenants/{tenant}/credentials/{credential}/revoke", { params: { path: { tenant, credential } } }),
  );

/** Has the one before in a rotation revoked once it is quiet for so many hours; without them that is called off. */
export const revokeWhenQuiet = (tenant: string, credential: string, hours?: number): Promise<Credential> =>
  answer(
    client.PUT("/tenants/{tenant}/credentials/{credential}/when-quiet", {
      params: { path: { tenant, credential } },
      body: hours === undefined ? {} : { hours },
    }),
  );

/** The answer holds the successor's token in clear, this one time: keep it out of caches and storage. */
export const rotateCredential = (
  tenant: string,
  credential: string,
): Promise<{ credential: Credential; token: string }> =>
  answer(
    client.POST("/tenants/{tenant}/credentials/{credential}/rotate", {
      params: { path: { tenant, credential } },
      body: {},
    }),
  );

export const rotationQuery = (tenant: string, credential: string) =>
  queryOptions({
    queryKey: ["rotation", tenant, credential],
    queryFn: ({ signal }): Promise<Rotation> =>
      answer(
        client.GET("/tenants/{tenant}/credentials/{credential}/rotation", {
          params: { path: { tenant, credential } },
          signal,
        }),
      ),
    refetchInterval: 5_000,
  });
