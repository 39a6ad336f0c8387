/** How each connection of a tenant is doing: its rhythm and cycles, how near its IdP is to giving up, what was repaired. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { HeartPulse } from "lucide-react";
import { healthQuery } from "../../api/figures";
import { useLiveHealth } from "../../api/liveHealth";
import type { Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { HealthMessages, useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import { ConnectionCard } from "./ConnectionCard";
import "./health.css";

export function HealthPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <HealthMessages.Load>
      <TenantPage slug={tenant} right="log:read">
        {(data) => <Health tenant={data} slug={tenant} />}
      </TenantPage>
    </HealthMessages.Load>
  );
}

function Health({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { health: texts } = useHealthMessages();
  useLiveHealth(slug, true);
  const query = useQuery(healthQuery(slug));
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} lead={<p className="muted">{texts.lead}</p>} />
      <Loaded
        query={query}
        skeleton={
          <div className="card">
            <Skeleton lines={8} />
          </div>
        }
      >
        {(reports) =>
          reports.length === 0 ? (
            <div className="card">
              <EmptyState
                icon={HeartPulse}
                title={texts.emptyTitle}
                actions={
                  tenant.rights.includes("credentials:write") && (
                    <ButtonLink href={routes.setup(slug)}>{texts.toSetup}</ButtonLink>
                  )
                }
              >
                {texts.empty}
              </EmptyState>
            </div>
          ) : (
            reports.map((report) => <ConnectionCard key={report.connectionId} slug={slug} report={report} />)
          )
        }
      </Loaded>
    </>
  );
}
