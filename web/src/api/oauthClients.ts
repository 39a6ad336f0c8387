/** OAuth clients: what an IdP gets access tokens with. They stand among the credentials. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ClientSecret, CredentialRights, NewTrust, OAuthClient } from "./types";

export const oauthClientQuery = (tenant: string, credential: string) =>
  queryOptions({
    queryKey: ["oauthClient", tenant, credential],
    queryFn: ({ signal }): Promise<OAuthClient> =>
      answer(
        client.GET("/tenants/{tenant}/oauth-clients/{credential}", {
          params: { path: { tenant, credential } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
  });

export type NewOAuthClient = {
  connectionId: string;
  name: string;
  rights: CredentialRights;
  /** Whether it gets a first secret. */
  secret: boolean;
  /** Days until that secret ends; without it the secret has no end. */
  secretLifetimeDays?: 90 | 365;
  /** Whose signatures prove it. */
  trust?: NewTrust;
};

/** The answer holds the first secret in clear, this one time: keep it out of caches and storage. */
export const createOAuthClient = (
  tenant: string,
  body: NewOAuthClient,
): Promise<{ client: OAuthClient; clientSecret?: string }> =>
  answer(client.POST("/tenants/{tenant}/oauth-clients", { params: { path: { tenant } }, body }));

/** Sets the life of access tokens and the trust; without a trust nobody's signatures prove the client. */
export const changeOAuthClient = (
  tenant: string,
  credential: string,
  body: { tokenSeconds: number; trust?: NewTrust },
): Promise<OAuthClient> =>
  answer(
    client.PUT("/tenants/{tenant}/oauth-clients/{credential}", { params: { path: { tenant, credential } }, body }),
  );

/** The answer holds the secret in clear, this one time: keep it out of caches and storage. */
export const issueClientSecret = (
  tenant: string,
  credential: string,
  body: { lifetimeDays?: 90 | 365 },
): Promise<{ secret: ClientSecret; clientSecret: string }> =>
  answer(
    client.POST("/tenants/{tenant}/oauth-clients/{credential}/secrets", {
      params: { path: { tenant, credential } },
      body,
    }),
  );

export const revokeClientSecret = (tenant: string, credential: string, secret: string): Promise<ClientSecret> =>
  answer(
    client.POST("/tenants/{tenant}/oauth-clients/{credential}/secrets/{secret}/revoke", {
      params: { path: { tenant, credential, secret } },
    }),
  );
