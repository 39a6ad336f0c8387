/** Which groups give which roles of the app in a tenant. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { IdCard, Plus } from "lucide-react";
import { useState } from "react";
import { mappedRolesQuery } from "../../api/access";
import { may } from "../../api/rights";
import type { AppRole, MappedRole, Tenant } from "../../api/types";
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
                  key={mapped.role.id}
                  slug={slug}
                  mapped={mapped}
                  onRemove={mayMap ? (group) => setUnmapping({ role: mapped.role, group }) : undefined}
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
  mapped: { role, groups, people },
  onRemove,
}: {
  slug: string;
  mapped: MappedRole;
  onRemove: ((group: MappedRole["groups"][number]) => void) | undefined;
}) {
  const { access: texts } = useAccessMessages();
  return (
    <section className="card" aria-labelledby={`role-${role.id}`}>
      <div className="card-head">
        <RoleName role={role} />
        <span className="small quiet">{texts.people(people)}</span>
      </div>
      <div className="card-pad stack-tight">
        {role.description && <p className="muted">{role.description}</p>}
        {groups.length === 0 ? (
          <p className="muted">{texts.nobody}</p>
        ) : (
          <ul className="stack-tight" aria-label={texts.groups(role.name)}>
            {groups.map((group) => (
              <li key={group.id} className="row">
                <Link href={routes.group(slug, group.id)}>{group.displayName}</Link>
                {onRemove && (
                  <Button
                    variant="quiet"
                    aria-label={texts.removeOf(group.displayName, role.name)}
                    onPress={() => onRemove(group)}
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

const RoleName = ({ role }: { role: AppRole }) => (
  <div className="row">
    <h2 id={`role-${role.id}`}>{role.name}</h2>
    <code className="quiet">{role.key}</code>
  </div>
);
