import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { lazy, Suspense } from "react";
import { latestChangesQuery } from "../../api/directory";
import { figuresQuery } from "../../api/figures";
import { useLiveHealth } from "../../api/liveHealth";
import { tenantQuery } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { ChangeList } from "../../components/ChangeList";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { HealthChip } from "../../components/Outcome";
import { useMessages } from "../../messages";
import { routes } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { CopyButton } from "../../ui/Copy";
import { PageHeader } from "../../ui/PageHeader";
import { Stat, Stats } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import "./overview.css";

// Only new tenants need it.
const FirstSteps = lazy(() => import("./FirstSteps"));
// Only where somebody is late.
const Late = lazy(() => import("./Late"));
// What needs somebody is asked for apart.
const Attention = lazy(() => import("./Attention"));
// The chart and its texts come after what tells at a glance.
const Activity = lazy(() => import("./Activity"));

const CHANGES = 10;
/** Hours that the figures are of. */
const DAY = 24;

export function OverviewPage() {
  const { tenant = "" } = useParams({ strict: false });
  const query = useQuery(tenantQuery(tenant));
  return (
    <Loaded query={query} missing heads>
      {(data) => (data.state === "deleting" ? <Missing /> : <Overview tenant={data} slug={tenant} />)}
    </Loaded>
  );
}

function Overview({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { overview: texts } = useMessages();
  const late = useLiveHealth(slug, tenant.rights.includes("log:read"));
  const fresh =
    tenant.lastRequestAt === undefined && (tenant.health === "not_connected" || tenant.health === "waiting");
  return (
    <>
      <PageHeader
        title={tenant.name}
        trail={[texts.title]}
        lead={<StatusLine tenant={tenant} />}
        actions={
          <>
            <CopyButton value={tenant.scimUrl} what={texts.scimUrl} word={texts.copyUrl} />
            {!fresh && tenant.rights.includes("credentials:write") && (
              <ButtonLink href={routes.credentials(slug, { new: "1" })} icon={KeyRound}>
                {texts.newCredential}
              </ButtonLink>
            )}
          </>
        }
      />
      {/* What comes with a wrong token is no request of a connection, and yet somebody has to know of it. */}
      <Suspense>
        <Attention tenant={slug} rights={tenant.rights} />
      </Suspense>
      {fresh ? (
        <Suspense>
          <FirstSteps tenant={tenant} slug={slug} />
        </Suspense>
      ) : (
        <>
          {late > 0 && (
            <Suspense>
              <Late tenant={tenant} slug={slug} readers={late} />
            </Suspense>
          )}
          <Working tenant={tenant} slug={slug} />
        </>
      )}
    </>
  );
}

function StatusLine({ tenant }: { tenant: Tenant }) {
  const { overview: texts, idps } = useMessages();
  const open = tenant.connections.filter((connection) => connection.state === "open");
  const names = [...new Set(open.map((connection) => idps[connection.idp]))].join(", ");
  const end = tenant.nextCredentialEnd;
  const silent = tenant.health === "silent";
  return (
    <div className="status-line">
      <HealthChip tenant={tenant} />
      {names && <span>{names}</span>}
      <span>
        {tenant.lastRequestAt ? (
          <>
            {silent ? texts.silentSince : texts.lastRequest} <Time at={tenant.lastRequestAt} exact={silent} />
          </>
        ) : (
          texts.noRequest
        )}
      </span>
      {end && (
        <span>
          {(end.secretStartsWith === undefined ? texts.tokenEnds : texts.secretEnds)(end.name)}{" "}
          <Time at={end.endsAt} past={false} />
        </span>
      )}
    </div>
  );
}

function Working({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { overview: texts, number } = useMessages();
  const may = (right: string) => tenant.rights.includes(right);
  const log = may("log:read");
  return (
    <>
      <Stats>
        <Stat
          label={texts.people}
          value={number(tenant.people.total)}
          hint={texts.peopleHint(tenant.people.active, tenant.people.total - tenant.people.active)}
        />
        <Stat label={texts.groups} value={number(tenant.groups)} />
        {log && <RequestStats slug={slug} />}
      </Stats>
      {log && (
        <Suspense fallback={<div className="card activity-place" />}>
          <Activity slug={slug} />
        </Suspense>
      )}
      {may("changes:read") && <LatestChanges tenant={slug} />}
    </>
  );
}

/** The requests of a day and how soon they were answered; nothing until that is known, and what fails is said elsewhere. */
function RequestStats({ slug }: { slug: string }) {
  const { overview: texts, number } = useMessages();
  const { data } = useQuery(figuresQuery(slug, DAY));
  if (!data) return null;
  const { requests, accepted, mostWithinMs: most, halfWithinMs: half } = data;
  return (
    <>
      <Stat
        label={texts.requests}
        value={number(requests)}
        hint={requests === 0 ? texts.noRequests : texts.requestsHint(accepted, requests)}
      />
      {most !== undefined && half !== undefined && (
        <Stat label={texts.answered} value={texts.milliseconds(most)} hint={texts.answeredHint(half)} />
      )}
    </>
  );
}

function LatestChanges({ tenant }: { tenant: string }) {
  const { overview: texts } = useMessages();
  const query = useQuery(latestChangesQuery(tenant, { limit: CHANGES }));
  return (
    <section className="card" aria-labelledby="latest">
      <div className="card-head">
        <h2 id="latest">{texts.latest}</h2>
      </div>
      <Loaded query={query}>
        {(changes) =>
          changes.length === 0 ? (
            <p className="card-pad muted">{texts.noChange}</p>
          ) : (
            <ChangeList tenant={tenant} changes={changes} linked />
          )
        }
      </Loaded>
    </section>
  );
}
