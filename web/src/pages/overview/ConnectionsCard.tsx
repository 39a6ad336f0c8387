/** How each open connection is doing, in a line; the rest stands on the page of their health. */
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/figures";
import { Ending } from "../../components/Ending";
import { Loaded } from "../../components/Loaded";
import { StateOfConnection } from "../../components/Outcome";
import { senderOf } from "../../components/sender";
import { useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";

export function ConnectionsCard({ slug }: { slug: string }) {
  const messages = useHealthMessages();
  const { health: texts, overview } = messages;
  const query = useQuery(healthQuery(slug));
  return (
    <section className="card" aria-labelledby="connections">
      <div className="card-head">
        <h2 id="connections">{texts.connections}</h2>
        <Link href={routes.health(slug)}>{texts.more}</Link>
      </div>
      <Loaded query={query}>
        {(reports) =>
          reports.length === 0 ? (
            <p className="card-pad muted">{texts.emptyTitle}</p>
          ) : (
            <ul className="attention">
              {reports.map((report) => (
                <li key={report.connectionId}>
                  <span className="attention-text">
                    <strong>{report.name}</strong>
                    <span className="small muted">
                      {report.name !== senderOf(messages, report) && `${senderOf(messages, report)}, `}
                      {report.lastRequestAt ? (
                        <>
                          {overview.lastRequest} <Time at={report.lastRequestAt} />
                        </>
                      ) : (
                        overview.noRequest
                      )}
                      {report.rhythm && `, ${texts.every(report.rhythm.usualSeconds)}`}
                    </span>
                    {report.credentialEnds?.slice(0, 1).map((end) => (
                      <Ending key={end.credentialId} slug={slug} end={end} />
                    ))}
                  </span>
                  <StateOfConnection health={report.health} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
