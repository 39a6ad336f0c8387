/** The requests of the last 48 hours as a chart or, the same, as a table. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { figuresQuery } from "../../api/figures";
import type { RequestFigures } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { useHealthMessages } from "../../messages/health";
import { usePreferences } from "../../preferences";
import { routes } from "../../routes";
import { type Bar, BarChart } from "../../ui/BarChart";
import { Switch } from "../../ui/Choice";
import { Link } from "../../ui/Link";
import { Skeleton } from "../../ui/Skeleton";
import "../../ui/Table.css";

const HOURS = 48;
const HOUR = 3_600_000;
const series = ["accepted", "rejected", "failed"] as const;

export function RequestsCard({ slug }: { slug: string }) {
  const { chart: texts } = useHealthMessages();
  const query = useQuery(figuresQuery(slug, HOURS));
  const [asTable, setAsTable] = useState(false);
  return (
    <section className="card" aria-labelledby="requests">
      <div className="card-head">
        <h2 id="requests">{texts.title}</h2>
        <Switch label={texts.asTable} isSelected={asTable} onChange={setAsTable} />
      </div>
      <Loaded query={query} skeleton={<Skeleton lines={6} />}>
        {(figures) => <Requests slug={slug} figures={figures} asTable={asTable} />}
      </Loaded>
    </section>
  );
}

function Requests({ slug, figures, asTable }: { slug: string; figures: RequestFigures; asTable: boolean }) {
  const { chart: texts, log, number } = useHealthMessages();
  const navigate = useNavigate();
  const bars = useBars(slug, figures);
  if (asTable) return <Table bars={bars} />;
  const peak = figures.hours.reduce((most, hour) => (sum(hour) > sum(most) ? hour : most));
  const summary = texts.summary({
    all: figures.requests,
    accepted: figures.accepted,
    rejected: figures.rejected,
    failed: figures.failed,
    peak: sum(peak),
    most: bars.find((bar) => bar.id === peak.at)?.label ?? "",
    empty: figures.hours.filter((hour) => sum(hour) === 0).length,
  });
  return (
    <div className="card-pad">
      {figures.requests === 0 ? (
        <p className="muted">{texts.none}</p>
      ) : (
        <BarChart
          label={texts.title}
          whole={texts.whole}
          summary={summary}
          series={series.map((id) => ({ id, label: log.outcomes[id] }))}
          bars={bars}
          number={number}
          openLabel={texts.openHour}
          onOpen={(bar) => void navigate({ href: bar.href })}
        />
      )}
    </div>
  );
}

const sum = (hour: RequestFigures["hours"][number]) => hour.accepted + hour.rejected + hour.failed;

/** Each hour with its words in the reader's time, every sixth with a mark below. */
function useBars(slug: string, figures: RequestFigures): Bar[] {
  const { chart: texts } = useHealthMessages();
  const utc = usePreferences().times === "utc";
  const last = figures.hours.length - 1;
  return figures.hours.map((hour, at) => {
    const from = new Date(hour.at);
    const to = new Date(from.getTime() + HOUR);
    const ofDay = utc ? from.getUTCHours() : from.getHours();
    return {
      id: hour.at,
      short: texts.start(from, utc),
      label: texts.span(from, at === last ? undefined : to, utc),
      tick:
        ofDay % 6 === 0
          ? { text: ofDay === 0 ? texts.weekday(from, utc) : texts.clock(from, utc), lesser: ofDay % 12 !== 0 }
          : undefined,
      parts: series.map((id) => hour[id]),
      href: routes.log(slug, { from: from.toISOString(), to: to.toISOString() }),
    };
  });
}

/** Newest first, as the log. */
function Table({ bars }: { bars: Bar[] }) {
  const { chart: texts, log, number } = useHealthMessages();
  return (
    <div className="table-frame hours">
      <table className="table" aria-labelledby="requests">
        <thead>
          <tr>
            <th scope="col">{texts.hour}</th>
            {series.map((id) => (
              <th key={id} scope="col" className="number">
                {log.outcomes[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map((bar) => (
            <tr key={bar.id}>
              <th scope="row">
                <Link href={bar.href}>{bar.short}</Link>
              </th>
              {bar.parts.map((part, at) => (
                <td key={series[at]} className={part === 0 ? "number quiet" : "number"}>
                  {number(part)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
