import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { KeyRound, Plug, Plus } from "lucide-react";
import { useState } from "react";
import { connectionsQuery, credentialsQuery } from "../../api/credentials";
import { tenantQuery } from "../../api/tenants";
import type { Connection, Credential, Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { type Secret, SecretDialog } from "../../components/SecretDialog";
import { useSearchState } from "../../components/useSearchState";
import { CredentialsMessages, useCredentialsMessages } from "../../messages/credentials";
import { searches } from "../../routes";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";
import { ClientDialog } from "./ClientDialog";
import { ConnectionSection } from "./ConnectionSection";
import "./credentials.css";
import { NewConnectionDialog } from "./NewConnectionDialog";
import { NewCredentialDialog } from "./NewCredentialDialog";
import { RevokeDialog } from "./RevokeDialog";
import { RotateDialog } from "./RotateDialog";
import { SetupLinks } from "./SetupLinks";

export function CredentialsPage() {
  return (
    <CredentialsMessages.Load>
      <Found />
    </CredentialsMessages.Load>
  );
}

function Found() {
  const { tenant = "" } = useParams({ strict: false });
  const query = useQuery(tenantQuery(tenant));
  return (
    <Loaded query={query} missing heads>
      {(data) => (data.rights.includes("credentials:read") ? <Credentials tenant={data} slug={tenant} /> : <Missing />)}
    </Loaded>
  );
}

function Credentials({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { credentials: texts } = useCredentialsMessages();
  const queries = useQueryClient();
  const connections = useQuery(connectionsQuery(slug));
  const credentials = useQuery(credentialsQuery(slug));
  const [search, change] = useSearchState(searches.credentials);
  const [connecting, setConnecting] = useState(false);
  const [rotating, setRotating] = useState<Credential>();
  const [revoking, setRevoking] = useState<Credential>();
  const [secret, setSecret] = useState<Secret>();

  const opened = credentials.data?.find(({ id, kind }) => id === search.client && kind === "oauth_client");
  const mayWrite = tenant.rights.includes("credentials:write");
  const mayConnect = tenant.rights.includes("connections:write");
  const refresh = () => {
    for (const key of ["credentials", "connections", "tenant"]) {
      void queries.invalidateQueries({ queryKey: [key, slug] });
    }
  };
  const create = (
    <Button variant="primary" icon={Plus} onPress={() => change({ new: "1" })} isDisabled={!mayWrite}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={texts.title}
        trail={[tenant.name]}
        actions={
          <>
            {mayConnect && (
              <Button icon={Plug} onPress={() => setConnecting(true)}>
                {texts.newConnection}
              </Button>
            )}
            {create}
          </>
        }
      />
      {!mayWrite && <p className="small muted">{texts.onlyAdmin}</p>}
      <div className="scim-url">
        <CopyField label={texts.scimUrl} value={tenant.scimUrl} />
      </div>
      <Loaded query={connections}>
        {(known) => (
          <Loaded query={credentials}>
            {(list) => (
              <Lists
                tenant={tenant}
                slug={slug}
                connections={known}
                credentials={list}
                create={mayWrite ? create : null}
                onOpen={(client) => change({ client: client.id })}
                onRotate={setRotating}
                onRevoke={setRevoking}
                onChanged={refresh}
              />
            )}
          </Loaded>
        )}
      </Loaded>
      <SetupLinks tenant={slug} connections={connections.data ?? []} mayWrite={mayWrite} />
      <NewConnectionDialog
        tenant={slug}
        isOpen={connecting}
        onClose={() => setConnecting(false)}
        onCreated={() => {
          setConnecting(false);
          refresh();
        }}
      />
      <NewCredentialDialog
        tenant={slug}
        isOpen={search.new === "1" && mayWrite && connections.data !== undefined && credentials.data !== undefined}
        connections={connections.data ?? []}
        credentials={credentials.data ?? []}
        onClose={() => change({ new: undefined }, { replace: true })}
        onIssued={(issued) => {
          change({ new: undefined }, { replace: true });
          setSecret({ ...issued, scimUrl: tenant.scimUrl });
          refresh();
        }}
      />
      <RotateDialog
        tenant={slug}
        credential={rotating}
        onClose={() => setRotating(undefined)}
        onIssued={(issued) => {
          setRotating(undefined);
          setSecret({ name: issued.credential.name, token: issued.token, scimUrl: tenant.scimUrl });
          refresh();
        }}
      />
      <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
      <ClientDialog
        tenant={tenant}
        slug={slug}
        credential={opened}
        onClose={() => change({ client: undefined }, { replace: true })}
      />
      <RevokeDialog tenant={slug} credential={revoking} onClose={() => setRevoking(undefined)} onRevoked={refresh} />
    </>
  );
}

function Lists({
  tenant,
  slug,
  connections,
  credentials,
  create,
  onOpen,
  onRotate,
  onRevoke,
  onChanged,
}: {
  tenant: Tenant;
  slug: string;
  connections: Connection[];
  credentials: Credential[];
  create: React.ReactNode;
  onOpen: (client: Credential) => void;
  onRotate: (credential: Credential) => void;
  onRevoke: (credential: Credential) => void;
  onChanged: () => void;
}) {
  const { credentials: texts } = useCredentialsMessages();
  if (credentials.length === 0 && connections.length <= 1) {
    return (
      <div className="card">
        <EmptyState icon={KeyRound} title={texts.emptyTitle} actions={create}>
          {texts.empty}
        </EmptyState>
      </div>
    );
  }
  // Open connections first; a closed one only while it has something to show.
  const shown = connections
    .filter(
      (connection) => connection.state === "open" || credentials.some((one) => one.connectionId === connection.id),
    )
    .sort((a, b) => Number(a.state === "closed") - Number(b.state === "closed"));
  return shown.map((connection) => (
    <ConnectionSection
      key={connection.id}
      tenant={tenant}
      slug={slug}
      connection={connection}
      credentials={credentials.filter((credential) => credential.connectionId === connection.id)}
      onOpen={onOpen}
      onRotate={onRotate}
      onRevoke={onRevoke}
      onChanged={onChanged}
    />
  ));
}
