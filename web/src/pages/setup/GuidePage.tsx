/** The guide of one identity provider, for who looks after the tenant. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Plug, Send } from "lucide-react";
import { useState } from "react";
import { connectionsQuery, createConnection, credentialsQuery, issueCredential } from "../../api/credentials";
import { createOAuthClient, issueClientSecret, oauthClientQuery } from "../../api/oauthClients";
import { adminSource, checkOurSide } from "../../api/setup";
import type { Connection, Idp, Tenant } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { TenantPage } from "../../components/TenantPage";
import { useSearchState } from "../../components/useSearchState";
import { useMessages } from "../../messages";
import { providerName, type SetupTexts, useSetupTexts } from "../../messages/setup";
import { idpsOf, routes, searches } from "../../routes";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import type { GivenClient } from "./Client";
import { Guide } from "./Guide";
import { SendLinkDialog } from "./SendLinkDialog";
import { openOf } from "./SetupPage";

/** For how long a token of a guide is good, or a client's secret. */
const DAYS = 365;

export function GuidePage() {
  const { tenant = "", idp: given } = useParams({ strict: false });
  const texts = useSetupTexts();
  const idp = idpsOf.find((one) => one === given);
  if (texts === undefined) return null;
  if (idp === undefined) return <Missing />;
  return (
    <TenantPage slug={tenant} right="credentials:write">
      {(data) => <OfIdp key={idp} texts={texts} tenant={data} slug={tenant} idp={idp} />}
    </TenantPage>
  );
}

function OfIdp({ texts, tenant, slug, idp }: { texts: SetupTexts; tenant: Tenant; slug: string; idp: Idp }) {
  const { idps } = useMessages();
  const connections = useQuery(connectionsQuery(slug));
  const [search, change] = useSearchState(searches.setup);
  const [sending, setSending] = useState(false);
  const known = openOf(connections.data ?? [], idp);
  const connection = known.find((one) => one.id === search.connection) ?? known[0];
  const queries = useQueryClient();
  const issueClient = async ({ id: connectionId }: Connection): Promise<GivenClient> => {
    const all = await queries.fetchQuery({ ...credentialsQuery(slug), staleTime: 0 });
    const before = all.find(
      (one) => one.connectionId === connectionId && one.kind === "oauth_client" && one.state === "active",
    );
    if (before) {
      const { clientSecret } = await issueClientSecret(slug, before.id, { lifetimeDays: DAYS });
      const { tokenUrl, clientId } = await queries.fetchQuery(oauthClientQuery(slug, before.id));
      return { tokenUrl, clientId, clientSecret };
    }
    const name = texts.client.name(providerName(texts, idps, idp));
    const order = { connectionId, name, rights: "scim", secret: true, secretLifetimeDays: DAYS } as const;
    const { client, clientSecret = "" } = await createOAuthClient(slug, order);
    return { tokenUrl: client.tokenUrl, clientId: client.clientId, clientSecret };
  };
  return (
    <>
      <PageHeader
        title={idps[idp]}
        trail={[texts.title, tenant.name]}
        before={<BackLink href={routes.setup(slug)}>{texts.back}</BackLink>}
        actions={
          connection && (
            <>
              {known.length > 1 && (
                <Select
                  label={texts.connection}
                  value={connection.id}
                  options={known.map((one) => ({ value: one.id, label: one.name }))}
                  onChange={(id) => change({ connection: id, since: undefined })}
                />
              )}
              <Button icon={Send} onPress={() => setSending(true)}>
                {texts.links.send}
              </Button>
            </>
          )
        }
      />
      <Loaded query={connections}>
        {() =>
          connection ? (
            <Guide
              key={connection.id}
              texts={texts}
              idp={idp}
              source={adminSource(slug, connection.id)}
              scimUrl={tenant.scimUrl}
              search={search}
              onSearch={change}
              issue={() =>
                issueCredential(slug, {
                  connectionId: connection.id,
                  name: texts.token.name(providerName(texts, idps, idp)),
                  rights: "scim",
                  lifetimeDays: DAYS,
                })
              }
              issueClient={() => issueClient(connection)}
              ourSide={() => checkOurSide(slug, connection.id)}
              {...(tenant.rights.includes("log:read") && {
                eventHref: (event: string) => routes.logEvent(slug, event),
              })}
            />
          ) : (
            <Begin texts={texts} slug={slug} idp={idp} />
          )
        }
      </Loaded>
      <SendLinkDialog
        texts={texts}
        tenant={slug}
        connection={sending ? connection : undefined}
        onClose={() => setSending(false)}
      />
    </>
  );
}

/** Nothing is made before somebody says so: an address may be opened to look at it. */
function Begin({ texts, slug, idp }: { texts: SetupTexts; slug: string; idp: Idp }) {
  const { idps } = useMessages();
  const queries = useQueryClient();
  const action = useAction(async () => {
    const made: Connection = await createConnection(slug, { name: idps[idp], idp });
    await queries.invalidateQueries({ queryKey: ["connections", slug] });
    void queries.invalidateQueries({ queryKey: ["tenant", slug] });
    return made;
  });
  return (
    <div className="card">
      {action.error !== undefined && <FailureBox error={action.error} />}
      <EmptyState
        icon={Plug}
        title={texts.begin(providerName(texts, idps, idp))}
        actions={
          <Button variant="primary" isPending={action.pending} onPress={() => void action.run()}>
            {texts.begin(providerName(texts, idps, idp))}
          </Button>
        }
      >
        {texts.none(providerName(texts, idps, idp))}
      </EmptyState>
    </div>
  );
}
