import { Building2 } from "lucide-react";
import { Redirect } from "../../components/Redirect";
import { useSession } from "../../components/useSession";
import { useMessages } from "../../messages";
import { preferences } from "../../preferences";
import { routes } from "../../routes";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";

/** Leads to where the person most likely wants to be: the last tenant, the list, or the word that there is none. */
export function HomePage() {
  const { home } = useMessages();
  const session = useSession();
  const own = session.tenants.map((tenant) => tenant.slug);
  const last = preferences.get().recentTenants.find((slug) => own.includes(slug));
  if (session.admin.operator) return <Redirect href={routes.tenants()} />;
  const first = last ?? own[0];
  if (first !== undefined) return <Redirect href={routes.tenant(first)} />;
  return (
    <>
      <PageHeader title={home.title} />
      <div className="card">
        <EmptyState icon={Building2} title={home.noneTitle}>
          {home.none}
        </EmptyState>
      </div>
    </>
  );
}
