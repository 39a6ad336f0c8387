/** Where the API stands, found from a tenant's SCIM URL, which holds the public address of the service. */
export const apiUrlOf = (scimUrl: string) => `${scimUrl.slice(0, scimUrl.indexOf("/scim/"))}/api/v1`;
