/** Setting a connection up: what was seen of it, links for somebody without an account, and what whoever holds one can do. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import { Failure } from "./failure";
import type { Credential, SelfCheck, Setup, SetupChecks, SetupClient, SetupLink } from "./types";

/** Where a guide gets what it shows and does; the admin's and the link holder's differ in nothing else. */
export type GuideSource = {
  key: readonly string[];
  /** Below `/api/v1`. */
  stream: (since: string | undefined) => string;
  checks: (since: string | undefined, signal: AbortSignal) => Promise<SetupChecks>;
};

const sinceQuery = (since: string | undefined) => (since === undefined ? "" : `?since=${encodeURIComponent(since)}`);

export const adminSource = (tenant: string, connection: string): GuideSource => ({
  key: [tenant, connection],
  stream: (since) =>
    `/tenants/${encodeURIComponent(tenant)}/connections/${encodeURIComponent(connection)}/checks/stream${sinceQuery(since)}`,
  checks: (since, signal) =>
    answer(
      client.GET("/tenants/{tenant}/connections/{connection}/checks", {
        params: { path: { tenant, connection }, query: { since } },
        signal,
      }),
    ),
});

export const holderSource: GuideSource = {
  key: ["holder"],
  stream: (since) => `/setup/checks/stream${sinceQuery(since)}`,
  checks: (since, signal) => answer(client.GET("/setup/checks", { params: { query: { since } }, signal })),
};

export const checksQuery = (source: GuideSource, since: string | undefined) =>
  queryOptions({
    queryKey: ["checks", ...source.key, since ?? ""],
    queryFn: ({ signal }): Promise<SetupChecks> => source.checks(since, signal),
  });

/** Lets the service call its own address as the world reaches it. */
export const checkOurSide = (tenant: string, connection: string): Promise<SelfCheck> =>
  answer(
    client.POST("/tenants/{tenant}/connections/{connection}/self-check", { params: { path: { tenant, connection } } }),
  );

export const setupLinksQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["setupLinks", tenant],
    queryFn: async ({ signal }): Promise<SetupLink[]> =>
      (await answer(client.GET("/tenants/{tenant}/setup-links", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: 10_000,
  });

/** The answer holds the link's address in clear, this one time: keep it out of caches and storage. */
export const createSetupLink = (
  tenant: string,
  body: { connectionId: string; name: string; lifetimeDays: number },
): Promise<{ link: SetupLink; url: string }> =>
  answer(client.POST("/tenants/{tenant}/setup-links", { params: { path: { tenant } }, body }));

export const revokeSetupLink = (tenant: string, link: string): Promise<SetupLink> =>
  answer(client.POST("/tenants/{tenant}/setup-links/{link}/revoke", { params: { path: { tenant, link } } }));

/** Of a code that has been used, has ended or never was one; the second where too many such came from the same network. */
const noCode = ["code_unknown", "too_many_attempts"];

/** By the code, or without one that is good by the cookie of who opened the link before in this browser. */
export async function enterSetup(code: string): Promise<Setup> {
  if (code !== "") {
    try {
      return await answer(client.POST("/setup/open", { body: { code } }));
    } catch (error) {
      if (!(error instanceof Failure) || !noCode.includes(error.code)) throw error;
    }
  }
  return answer(client.GET("/setup", {}));
}

/** The answer holds the token in clear, this one time: keep it out of caches and storage. */
export const issueSetupCredential = (): Promise<{ credential: Credential; token: string }> =>
  answer(client.POST("/setup/credential", {}));

/** The answer holds the client's secret in clear, this one time: keep it out of caches and storage. */
export const issueSetupClient = (): Promise<SetupClient> => answer(client.POST("/setup/oauth-client", {}));

export const finishSetup = (): Promise<Setup> => answer(client.POST("/setup/finish", {}));
