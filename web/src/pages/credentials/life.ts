/** The life of an OAuth client's access tokens, set without touching what else is set for it. */
import type { ClientTrust, NewTrust, OAuthClient } from "../../api/types";

/** What is sent for another life. The API takes all settings at once: what stays is sent as it stands. */
export function settingsWith(client: OAuthClient, tokenSeconds: number): { tokenSeconds: number; trust?: NewTrust } {
  return { tokenSeconds, ...(client.trust && { trust: kept(client.trust) }) };
}

function kept({ issuer, subject, audience, jwksUri, jwks }: ClientTrust): NewTrust {
  const claims = { issuer, subject, audience };
  return jwksUri === undefined ? { ...claims, ...(jwks && { jwks }) } : { ...claims, jwksUri };
}
