/** Which groups give which roles of the app in a tenant. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { IdCard, Plus } from "lucide-react";
import { useState } from "react";
import { mappedRolesQuery } from "../../api/access";
import { may } from "../../api/rights";
import type { MappedRole, RoleMapping, Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { useSession } from "../../components/useSession";
import { AccessMessages, useAccessMessages } from "../../messages/access";
import { routes } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/Feedback";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import { Time } from "../../ui/Time";
import { MapForm } from "./MapForm";
import { UnmapDialog, type Unmapping } from "./UnmapDialog";

export function AccessPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right={may.readAccess}>
      {(data) => (
        <AccessMessages.Load>
          <Access tenant={data} slug={tenant} />
        </AccessMessages.Load>
      )}
    </TenantPage>
  );
}

function Access({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { access: texts } = useAccessMessages();
  const { admin } = useSession();
  const queries = useQueryClient();
  const query = useQuery(mappedRolesQuery(slug));
  const [mapping, setMapping] = useState(false);
  const [unmapping, setUnmapping] = useState<Unmapping>();
  const mayMap = tenant.rights.includes(may.mapRoles);
  const changed = () => {
    void query.refetch();
    void queries.invalidateQueries({ queryKey: ["user", slug] });
  };
  return (
    <>
      <PageHeader
        title={texts.title}
        trail={[tenant.name]}
        lead={<p>{texts.lead}</p>}
        actions={
          mayMap &&
          query.data !== undefined &&
          query.data.length > 0 && (
            <Button variant="primary" icon={Plus} onPress={() => setMapping(true)}>
              {texts.map}
            </Button>
          )
        }
      />
      <Loaded
        query={query}
        skeleton={
          <div className="card">
            <Skeleton lines={6} />
          </div>
        }
      >
        {(roles) =>
          roles.length === 0 ? (
            <div className="card">
              <EmptyState
                icon={IdCard}
                title={texts.emptyTitle}
                actions={admin.operator && <ButtonLink href={routes.appRoles()}>{texts.toRoles}</ButtonLink>}
              >
                {texts.empty}
              </EmptyState>
            </div>
          ) : (
            <>
              {roles.map((mapped) => (
                <RoleCard
                  key={mapped.key}
                  slug={slug}
                  role={mapped}
                  onRemove={mayMap ? (mapping) => setUnmapping({ role: mapped, mapping }) : undefined}
                />
              ))}
              <Dialog title={texts.mapping.title} isOpen={mapping} onClose={() => setMapping(false)}>
                <MapForm slug={slug} roles={roles} onMapped={changed} onClose={() => setMapping(false)} />
              </Dialog>
            </>
          )
        }
      </Loaded>
      <UnmapDialog slug={slug} unmapping={unmapping} onUnmapped={changed} onClose={() => setUnmapping(undefined)} />
    </>
  );
}

/** One role with the groups that give it. `onRemove` is absent for whoever may only look. */
export function RoleCard({
  slug,
  role,
  onRemove,
}: {
  slug: string;
  role: MappedRole;
  onRemove: ((mapping: RoleMapping) => void) | undefined;
}) {
  const { access: texts } = useAccessMessages();
  return (
    <section className="card" aria-labelledby={`role-${role.key}`}>
      <div className="card-head">
        <div className="row">
          <h2 id={`role-${role.key}`}>{role.name}</h2>
          <code className="quiet">{role.key}</code>
        </div>
        <span className="small quiet">{texts.people(role.people)}</span>
      </div>
      <div className="card-pad stack-tight">
        {role.description && <p className="muted">{role.description}</p>}
        {role.groups.length === 0 ? (
          <p className="muted">{texts.nobody}</p>
        ) : (
          <ul className="stack-tight" aria-label={texts.groups(role.name)}>
            {role.groups.map((mapping) => (
              <li key={mapping.groupId} className="row">
                {mapping.groupName === undefined ? (
                  <span className="muted">{texts.deleted}</span>
                ) : (
                  <Link href={routes.group(slug, mapping.groupId)}>{mapping.groupName}</Link>
                )}
                <span className="small quiet">
                  {texts.by(mapping.createdBy)} <Time at={mapping.createdAt} />
                </span>
                {onRemove && (
                  <Button
                    variant="quiet"
                    aria-label={texts.removeOf(mapping.groupName ?? texts.deleted, role.name)}
                    onPress={() => onRemove(mapping)}
                  >
                    {texts.remove}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
