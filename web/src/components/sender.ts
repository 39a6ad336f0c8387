/** Which IdP a connection is for, and how sure it is that its requests are that IdP's, or whose they look like. */
import type { ConnectionHealthReport } from "../api/types";
import type { useHealthMessages } from "../messages/health";

type Texts = Pick<ReturnType<typeof useHealthMessages>, "idps" | "idpSeen" | "health">;

export function senderOf({ idps, idpSeen, health }: Texts, { idp, recognised }: ConnectionHealthReport): string {
  const meant = idps[idp];
  if (recognised === undefined) return meant;
  const seen = idpSeen(idps[recognised.idp], recognised.confidence);
  return recognised.idp === idp ? seen : `${meant}, ${health.looksLike(seen)}`;
}
