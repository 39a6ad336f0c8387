/** Which identity provider is set up: each leads to its guide, and makes its connection when there is none. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/credentials";
import type { Connection, Idp, Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { useMessages } from "../../messages";
import { providerName, type SetupTexts, useSetupTexts } from "../../messages/setup";
import { idpsOf, routes } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { PageHeader } from "../../ui/PageHeader";
import "./setup.css";

export function SetupPage() {
  const { tenant = "" } = useParams({ strict: false });
  const texts = useSetupTexts();
  if (texts === undefined) return null;
  return (
    <TenantPage slug={tenant} right="credentials:write">
      {(data) => <Choices texts={texts} tenant={data} slug={tenant} />}
    </TenantPage>
  );
}

/** The open connections of an IdP, newest first. */
export const openOf = (connections: Connection[], idp: Idp) =>
  connections.filter((one) => one.idp === idp && one.state === "open").toReversed();

function Choices({ texts, tenant, slug }: { texts: SetupTexts; tenant: Tenant; slug: string }) {
  const { idps } = useMessages();
  const connections = useQuery(connectionsQuery(slug));
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} lead={<p>{texts.lead}</p>} />
      <Loaded query={connections}>
        {(known) => (
          <ul className="idp-choices">
            {idpsOf.map((idp) => {
              const begun = openOf(known, idp).length > 0;
              return (
                <li key={idp} className="card idp-choice">
                  <h2>{idps[idp]}</h2>
                  <p className="muted">{texts.guides[idp].hint}</p>
                  <div>
                    <ButtonLink href={routes.guide(slug, idp)} variant={begun ? "primary" : "secondary"}>
                      {begun ? texts.goOn(providerName(texts, idps, idp)) : texts.begin(providerName(texts, idps, idp))}
                    </ButtonLink>
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </>
  );
}
