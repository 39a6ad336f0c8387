import { useInfiniteQuery } from "@tanstack/react-query";
import { tenantsQuery } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { useConditionMessages } from "../../messages/condition";
import { routes } from "../../routes";
import { StateText } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { Section } from "./Section";

/** Most tenants shown here; the list of tenants has all. */
const MOST = 5;
const worstFirst = { sort: "refused", desc: "1" } as const;

/** The tenants of whose newest cycle half or more was not accepted, those with most of it first. */
export function Failing() {
  const { condition: texts } = useConditionMessages();
  const query = useInfiniteQuery(tenantsQuery({ standing: "failing", sort: worstFirst.sort, descending: true }));
  return (
    <Section id="system-failing" title={texts.failing}>
      <Loaded query={query}>{({ pages }) => <FailingTenants tenants={pages.flatMap((page) => page.items)} />}</Loaded>
    </Section>
  );
}

type Listed = Pick<Tenant, "id" | "slug" | "name" | "day" | "lastRequestAt">;

export function FailingTenants({ tenants }: { tenants: Listed[] }) {
  const { condition: texts, tenants: names, number } = useConditionMessages();
  if (tenants.length === 0) return <StateText tone="ok">{texts.noFailing}</StateText>;
  return (
    <div className="stack-tight">
      <div className="table-frame">
        <table className="table" aria-labelledby="system-failing">
          <thead>
            <tr>
              <th scope="col">{names.name}</th>
              <th scope="col" className="number">
                {texts.refused}
              </th>
              <th scope="col">{names.lastRequest}</th>
            </tr>
          </thead>
          <tbody>
            {tenants.slice(0, MOST).map(({ id, slug, name, day, lastRequestAt }) => (
              <tr key={id}>
                <th scope="row">
                  <Link href={routes.tenant(slug)}>{name}</Link>
                </th>
                <td className="number">{day && texts.ofAll(number(day.refused), number(day.requests))}</td>
                <td>{lastRequestAt && <Time at={lastRequestAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {tenants.length > MOST && (
        <Link href={routes.tenants({ standing: "failing", ...worstFirst })}>{texts.allFailing}</Link>
      )}
    </div>
  );
}
