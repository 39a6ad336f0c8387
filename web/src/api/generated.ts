type Answer<T> = { headers: { [name: string]: unknown }; content: { "application/json": T } };
type Problem = { headers: { [name: string]: unknown }; content: { "application/problem+json": components["schemas"]["Problem"] } };
type NoContent = { headers: { [name: string]: unknown }; content?: never };
type Call<P, B, Status extends number, T> = {
  parameters: Omit<{ query?: never; header?: never; path?: never; cookie?: never }, keyof P> & P;
  responses: { [S in Status]: T extends undefined ? NoContent : Answer<T> } & { default: Problem };
} & (B extends undefined ? { requestBody?: never } : { requestBody: { content: { "application/json": B } } });
type Query<Q> = { query?: Q };
type S = components["schemas"];
type List<T> = { items: T[]; next?: string };
type CountedList<T> = { items: T[]; next?: string; total?: number };
type Page = { after?: string; limit?: number };
type InTenant<Q = never> = { path: { tenant: string }; query?: Q };

export interface paths {
  "/session": {
    get: Call<object, undefined, 200, S["Session"]>;
    post: Call<object, { email: string; password: string }, 200, S["Session"]>;
    delete: Call<object, undefined, 204, undefined>;
  };
  "/welcome": { post: Call<object, { code: string; email: string; name: string; password: string }, 201, S["Session"]> };
  "/welcome/check": { post: Call<object, { code: string }, 204, undefined> };
  "/tenants": {
    get: Call<Query<Page & { search?: string }>, undefined, 200, List<S["Tenant"]>>;
    post: Call<object, { name: string; slug?: string }, 201, S["Tenant"]>;
  };
  "/tenants/{tenant}": { get: Call<InTenant, undefined, 200, S["Tenant"]> };
  "/tenants/{tenant}/connections": {
    get: Call<InTenant, undefined, 200, List<S["Connection"]>>;
    post: Call<InTenant, { name: string; idp: S["Idp"] }, 201, S["Connection"]>;
  };
  "/tenants/{tenant}/connections/{connection}": {
    patch: Call<
      { path: { tenant: string; connection: string } },
      { name?: string; strict?: boolean; state?: "closed" },
      200,
      S["Connection"]
    >;
  };
  "/tenants/{tenant}/credentials": {
    get: Call<InTenant<{ connection?: string }>, undefined, 200, List<S["Credential"]>>;
    post: Call<
      InTenant,
      { connectionId: string; name: string; rights: S["CredentialRights"]; lifetimeDays?: number },
      201,
      { credential: S["Credential"]; token: string }
    >;
  };
  "/tenants/{tenant}/credentials/{credential}/revoke": {
    post: Call<{ path: { tenant: string; credential: string } }, undefined, 200, S["Credential"]>;
  };
  "/tenants/{tenant}/users": {
    get: Call<InTenant<Page & { search?: string; active?: boolean }>, undefined, 200, CountedList<S["UserSummary"]>>;
  };
  "/tenants/{tenant}/users/{user}": {
    get: Call<{ path: { tenant: string; user: string } }, undefined, 200, S["UserDetail"]>;
  };
  "/tenants/{tenant}/users/{user}/groups": {
    get: Call<{ path: { tenant: string; user: string }; query?: Page }, undefined, 200, List<S["GroupOfUser"]>>;
  };
  "/tenants/{tenant}/groups": {
    get: Call<InTenant<Page & { search?: string }>, undefined, 200, CountedList<S["GroupSummary"]>>;
  };
  "/tenants/{tenant}/groups/{group}": {
    get: Call<{ path: { tenant: string; group: string } }, undefined, 200, S["GroupDetail"]>;
  };
  "/tenants/{tenant}/groups/{group}/members": {
    get: Call<
      { path: { tenant: string; group: string }; query?: Page & { search?: string } },
      undefined,
      200,
      List<S["Member"]>
    >;
  };
  "/tenants/{tenant}/sync-events": {
    get: Call<
      InTenant<
        Page & {
          outcome?: S["Outcome"];
          method?: string;
          resourceType?: "User" | "Group";
          statusClass?: number;
          connection?: string;
          credential?: string;
          resource?: string;
          text?: string;
          since?: string;
          until?: string;
        }
      >,
      undefined,
      200,
      List<S["SyncEventSummary"]>
    >;
  };
  "/tenants/{tenant}/sync-events/{event}": {
    get: Call<{ path: { tenant: string; event: string } }, undefined, 200, S["SyncEvent"]>;
  };
  "/tenants/{tenant}/changes": {
    get: Call<
      InTenant<{ after?: number; limit?: number; order?: "asc" | "desc"; resource?: string }>,
      undefined,
      200,
      { items: S["Change"][]; next?: number }
    >;
  };
  "/system": { get: Call<object, undefined, 200, S["System"]> };
}

export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail?: string;
      code: string;
      requestId?: string;
      errors?: { field: string; message: string }[];
    };
    Idp: "entra" | "okta" | "onelogin" | "jumpcloud" | "other";
    Outcome: "accepted" | "rejected" | "failed";
    CredentialRights: "scim" | "scim:read";
    Admin: { id: string; email: string; name: string; operator: boolean };
    SessionTenant: { id: string; slug: string; name: string; role: "operator" | "admin" | "developer" | "viewer" };
    Session: { admin: S["Admin"]; tenants: S["SessionTenant"][]; rights: string[]; expiresAt: string };
    Tenant: {
      id: string;
      slug: string;
      name: string;
      state: "active" | "suspended" | "deleting";
      scimUrl: string;
      createdAt: string;
      rights: string[];
      people: { total: number; active: number };
      groups: number;
      connections: { id: string; name: string; idp: S["Idp"]; state: "open" | "closed" }[];
      lastRequestAt?: string;
      nextCredentialEnd?: { credentialId: string; name: string; endsAt: string };
      health: "not_connected" | "waiting" | "working" | "failing";
    };
    Connection: { id: string; name: string; idp: S["Idp"]; state: "open" | "closed"; strict: boolean; createdAt: string };
    Credential: {
      id: string;
      connectionId: string;
      name: string;
      kind: "bearer_token";
      startsWith: string;
      rights: S["CredentialRights"];
      state: "active" | "ended" | "revoked";
      createdAt: string;
      createdBy?: string;
      endsAt?: string;
      revokedAt?: string;
      lastUsed?: { at: string; address: string; userAgent?: string; idp?: S["Idp"] };
    };
    UserSummary: {
      id: string;
      userName: string;
      displayName?: string;
      name?: string;
      email?: string;
      externalId?: string;
      active: boolean;
      createdAt: string;
      updatedAt: string;
      groups: number;
    };
    UserDetail: S["UserSummary"] & {
      version: number;
      resource: { [name: string]: unknown };
      manager?: { id?: string; value: string; displayName?: string };
    };
    GroupOfUser: { id: string; displayName: string; type: "direct" | "indirect" };
    GroupSummary: {
      id: string;
      displayName: string;
      externalId?: string;
      members: number;
      createdAt: string;
      updatedAt: string;
    };
    GroupDetail: S["GroupSummary"] & {
      version: number;
      resource: { [name: string]: unknown };
      unresolvedMembers: number;
    };
    Member: { id: string; type: "User" | "Group"; name: string; userName?: string; active?: boolean };
    Cause: { code: string; params: { [name: string]: string } };
    Repair: { rule: string; attribute: string; sent: string; read: string };
    SyncEventSummary: {
      id: string;
      at: string;
      outcome: S["Outcome"];
      status: number;
      scimType?: string;
      method: string;
      path: string;
      sentence: string;
      cause?: S["Cause"];
      resourceType?: string;
      resourceId?: string;
      resourceName?: string;
      connectionId?: string;
      credentialId?: string;
      credentialName?: string;
      idp?: S["Idp"];
      durationMs: number;
      repairs: number;
    };
    SyncEvent: S["SyncEventSummary"] & {
      requestId: string;
      query?: string;
      address: string;
      userAgent?: string;
      operation?: string;
      repairList: S["Repair"][];
      changes: S["Change"][];
      identifiers: string[];
    };
    Actor: {
      kind: "connection" | "admin" | "system";
      connectionId?: string;
      connectionName?: string;
      credentialId?: string;
      idp?: S["Idp"];
      adminId?: string;
    };
    MemberDelta: { id: string; type: string; name?: string };
    Change: {
      seq: number;
      type: string;
      resourceType: string;
      resourceId: string;
      resourceName?: string;
      version: number;
      at: string;
      requestId?: string;
      actor: S["Actor"];
      before?: { [name: string]: unknown };
      after?: { [name: string]: unknown };
      membersAdded?: S["MemberDelta"][];
      membersRemoved?: S["MemberDelta"][];
      memberCounts?: { added: number; removed: number };
    };
    System: {
      version: string;
      database: "sqlite" | "postgresql";
      publicUrl: string;
      startedAt: string;
      tenants: number;
    };
  };
}
