/** Requests whose address names no tenant: they stand in no tenant's log, so operators look for them here. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { SyncEventSummary } from "../../api/types";
import { unknownTenantsQuery } from "../../api/unknownTenants";
import { FailureBox } from "../../components/FailureBox";
import { happened } from "../../components/happened";
import { Loaded } from "../../components/Loaded";
import { OutcomeText } from "../../components/Outcome";
import { useList } from "../../components/useList";
import { useCauses } from "../../messages";
import { UnknownTenantsMessages, useUnknownTenantsMessages } from "../../messages/unknownTenants";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";

export function UnknownTenants() {
  return (
    <UnknownTenantsMessages.Load>
      <Section />
    </UnknownTenantsMessages.Load>
  );
}

function Section() {
  const { unknownTenants: texts, states } = useUnknownTenantsMessages();
  const query = useInfiniteQuery(unknownTenantsQuery);
  const { rows, more } = useList(query);
  return (
    <section className="stack-tight" aria-labelledby="unknown-tenants">
      <div>
        <h2 id="unknown-tenants">{texts.title}</h2>
        <p className="small muted">{texts.lead}</p>
      </div>
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <div className="card">
              <EmptyState icon={SearchX} title={texts.emptyTitle}>
                {texts.empty}
              </EmptyState>
            </div>
          ) : (
            <>
              <Rows events={rows} />
              {query.isFetchNextPageError && <FailureBox error={query.error} onRetry={() => query.fetchNextPage()} />}
              {more && (
                <div>
                  <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                    {states.more}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Rows({ events }: { events: SyncEventSummary[] }) {
  const messages = useUnknownTenantsMessages();
  const { log: texts } = messages;
  const causes = useCauses();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
    <div className="table-frame" tabIndex={0}>
      <table className="table" aria-labelledby="unknown-tenants">
        <thead>
          <tr>
            <th scope="col">{texts.request}</th>
            <th scope="col">{texts.status}</th>
            <th scope="col" className="from-middle">
              {texts.happened}
            </th>
            <th scope="col">{texts.time}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <th scope="row">
                <code>
                  {event.method} {event.path}
                </code>
              </th>
              <td>
                <OutcomeText event={event} />
              </td>
              <td className="from-middle">{happened(event, messages, causes)}</td>
              <td>
                <Time at={event.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
