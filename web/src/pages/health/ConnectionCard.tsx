import type { ReactNode } from "react";
import type { ConnectionHealthReport } from "../../api/types";
import { Ending } from "../../components/Ending";
import { StateOfConnection } from "../../components/Outcome";
import { senderOf } from "../../components/sender";
import { useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { Link } from "../../ui/Link";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { Cycles } from "./Cycles";
import { Outlook } from "./Outlook";
import { Repairs } from "./Repairs";

export type Shown = { slug: string; report: ConnectionHealthReport };

/** One connection. */
export function ConnectionCard({ slug, report }: Shown) {
  const messages = useHealthMessages();
  const { health: texts, time } = messages;
  const { connectionId, rhythm, credentialEnds: ends = [] } = report;
  return (
    <section className="card health-card" aria-labelledby={connectionId}>
      <div className="card-head">
        <div className="row">
          <h2 id={connectionId}>{report.name}</h2>
          <StateOfConnection health={report.health} />
        </div>
        {report.lastRequestAt && (
          <Link href={routes.log(slug, { connection: connectionId })}>
            {texts.requests}
            <span className="visually-hidden"> ({report.name})</span>
          </Link>
        )}
      </div>
      <div className="health-body contained">
        <Outlook slug={slug} report={report} />
        <Facts>
          <Fact label={texts.idp}>{senderOf(messages, report)}</Fact>
          <Fact label={texts.lastRequest}>
            {report.lastRequestAt ? <Time at={report.lastRequestAt} /> : <span className="quiet">{time.never}</span>}
          </Fact>
          <Fact label={texts.rhythm}>
            {rhythm ? (
              <>
                {texts.every(rhythm.usualSeconds)}{" "}
                <span className="quiet">({texts.silentAfter(rhythm.silentAfterSeconds)})</span>
              </>
            ) : (
              <span className="quiet">{texts.noRhythm}</span>
            )}
          </Fact>
          {ends.length > 0 && (
            <Fact label={texts.ending}>
              {ends.map((end) => (
                <Ending key={`${end.credentialId} ${end.secretStartsWith}`} slug={slug} end={end} />
              ))}
            </Fact>
          )}
          <Fact label={texts.rules}>{report.strict ? texts.strict : texts.lenient}</Fact>
        </Facts>
        <Cycles slug={slug} report={report} />
        <Repairs slug={slug} report={report} />
      </div>
    </section>
  );
}

/** A part of a card under a heading of its own. */
export function Part({ id, title, hint, children }: { id: string; title: string; hint?: string; children: ReactNode }) {
  return (
    <div className="stack-tight">
      <div className="health-part">
        <h3 id={id}>{title}</h3>
        {hint && <span className="small quiet">{hint}</span>}
      </div>
      {children}
    </div>
  );
}
