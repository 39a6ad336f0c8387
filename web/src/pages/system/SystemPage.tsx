import { useQuery } from "@tanstack/react-query";
import { systemQuery } from "../../api/tenants";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { useSession } from "../../components/useSession";
import { useMessages } from "../../messages";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";

export function SystemPage() {
  const { admin } = useSession();
  return admin.operator ? <System /> : <Missing />;
}

function System() {
  const { system: texts, number } = useMessages();
  const query = useQuery(systemQuery);
  return (
    <>
      <PageHeader title={texts.title} />
      <Loaded query={query} missing>
        {(system) => (
          <section className="card card-pad measured">
            <Facts>
              <Fact label={texts.version}>{system.version}</Fact>
              <Fact label={texts.database}>{texts.databases[system.database]}</Fact>
              <Fact label={texts.publicUrl}>
                <code>{system.publicUrl}</code>
              </Fact>
              <Fact label={texts.started}>
                <Time at={system.startedAt} />
              </Fact>
              <Fact label={texts.tenants}>{number(system.tenants)}</Fact>
            </Facts>
          </section>
        )}
      </Loaded>
    </>
  );
}
