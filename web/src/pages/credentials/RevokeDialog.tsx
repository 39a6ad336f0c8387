import { useQuery } from "@tanstack/react-query";
import { revokeCredential, rotationQuery } from "../../api/credentials";
import type { Credential } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useCredentialsMessages } from "../../messages/credentials";
import { Time } from "../../ui/Time";
import { recentlyUsed } from "./state";

/**
 * Names the credential, its last use and what stops; in a rotation also how much still comes with it. What is in use
 * asks for its name.
 */
export function RevokeDialog({
  tenant,
  credential,
  onClose,
  onRevoked,
}: {
  tenant: string;
  credential: Credential | undefined;
  onClose: () => void;
  onRevoked: () => void;
}) {
  const { credentials, idps } = useCredentialsMessages();
  const texts = credentials.revoking;
  const used = credential !== undefined && recentlyUsed(credential, Date.now());
  const lastUsed = credential?.lastUsed;
  const client = credential?.kind === "oauth_client";
  return (
    <ConfirmDialog
      title={credential ? texts.title(credential.name) : ""}
      isOpen={credential !== undefined}
      action={client ? credentials.revokeClient : credentials.revoke}
      typed={used ? credential.name : undefined}
      onConfirm={async () => {
        if (!credential) return;
        await revokeCredential(tenant, credential.id);
        onRevoked();
      }}
      onClose={onClose}
    >
      <p>{client ? texts.clientEffect : texts.effect}</p>
      {credential && !client && <NotMoved tenant={tenant} credential={credential} />}
      <p>
        {lastUsed ? (
          <>
            {texts.used} <Time at={lastUsed.at} />
            {lastUsed.idp && lastUsed.idp !== "other" && ` (${idps[lastUsed.idp]})`}.{" "}
            {used && (client ? texts.clientStops : texts.stops)}
          </>
        ) : (
          texts.unused
        )}
      </p>
    </ConfirmDialog>
  );
}

/** What still comes with a token whose successor the IdP has not moved to. */
function NotMoved({ tenant, credential }: { tenant: string; credential: Credential }) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.rotation;
  const { data } = useQuery(rotationQuery(tenant, credential.id));
  if (!data?.successorId || data.moved) return null;
  return (
    <p>
      {texts.stillUsed(data.requests, data.requests + data.successorRequestsInAll)} {texts.early}
    </p>
  );
}
