import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { oauthClientQuery } from "../../api/oauthClients";
import type { Credential, OAuthClient, Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { type Issued, SecretDialog } from "../../components/SecretDialog";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { ClientLifeSection } from "./ClientLifeSection";
import { ClientSecrets } from "./ClientSecrets";
import { ClientTrustSection } from "./ClientTrustSection";

type Props = { tenant: Tenant; slug: string; credential: Credential | undefined; onClose: () => void };

/** What an OAuth client proves itself with: its secrets, whose signatures count as its own, and for how long. */
export function ClientDialog({ tenant, slug, credential, onClose }: Props) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  return (
    <Dialog title={credential ? texts.title(credential.name) : ""} isOpen={credential !== undefined} onClose={onClose}>
      {credential && <Content tenant={tenant} slug={slug} id={credential.id} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ tenant, slug, id, onClose }: { tenant: Tenant; slug: string; id: string; onClose: () => void }) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const queries = useQueryClient();
  const query = useQuery(oauthClientQuery(slug, id));
  const [issued, setIssued] = useState<Issued>();
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: ["oauthClient", slug, id] });
    void queries.invalidateQueries({ queryKey: ["credentials", slug] });
    void queries.invalidateQueries({ queryKey: ["tenant", slug] });
  };
  return (
    <>
      <Loaded query={query}>
        {(client) => {
          const mayChange = tenant.rights.includes("credentials:write") && client.credential.state === "active";
          const shared = { tenant: slug, client, mayChange, onChanged: refresh };
          return (
            <>
              <CopyField label={texts.tokenUrl} value={client.tokenUrl} />
              <CopyField label={texts.clientId} value={client.clientId} />
              <CopyField label={texts.metadataUrl} value={client.metadataUrl} />
              <ClientSecrets {...shared} onIssued={(clientSecret) => setIssued(asIssued(client, clientSecret))} />
              <ClientTrustSection {...shared} />
              <ClientLifeSection {...shared} />
            </>
          );
        }}
      </Loaded>
      <DialogActions>
        <Button onPress={onClose}>{texts.close}</Button>
      </DialogActions>
      <SecretDialog secret={issued && { ...issued, scimUrl: tenant.scimUrl }} onClose={() => setIssued(undefined)} />
    </>
  );
}

const asIssued = ({ credential, tokenUrl, clientId }: OAuthClient, clientSecret: string): Issued => ({
  name: credential.name,
  tokenUrl,
  clientId,
  clientSecret,
});
