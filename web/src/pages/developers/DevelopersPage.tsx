import { useParams } from "@tanstack/react-router";
import type { Tenant } from "../../api/types";
import { TenantPage } from "../../components/TenantPage";
import { useSession } from "../../components/useSession";
import { PeopleMessages, usePeopleMessages } from "../../messages/people";
import { PageHeader } from "../../ui/PageHeader";
import { keyRoles } from "../people/roles";
import { ApiKeySection } from "./ApiKeySection";
import { Examples } from "./Examples";

export function DevelopersPage() {
  const { tenant: slug = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={slug} right="api_keys:manage">
      {(tenant) => (
        <PeopleMessages.Load>
          <Developers tenant={tenant} slug={slug} />
        </PeopleMessages.Load>
      )}
    </TenantPage>
  );
}

function Developers({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { keys: texts } = usePeopleMessages();
  const session = useSession();
  const own = session.admin.operator ? "operator" : session.tenants.find(({ id }) => id === tenant.id)?.role;
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} lead={<p>{texts.lead}</p>} />
      <ApiKeySection tenant={slug} title={texts.keys} empty={texts.empty} roles={keyRoles(own ?? "viewer")} />
      <Examples tenant={tenant} slug={slug} />
    </>
  );
}
