import type { ConnectionHealthReport } from "../../api/types";
import { useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { StateText } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { Part, type Shown } from "./ConnectionCard";
import { lengthOf, spanOf } from "./cycle";

type Cycle = ConnectionHealthReport["cycles"][number];

/** The newest runs of the IdP, each leading to its requests. */
export function Cycles({ slug, report }: Shown) {
  const { health: texts, log } = useHealthMessages();
  const id = `${report.connectionId}-cycles`;
  return (
    <Part id={id} title={texts.cycles} hint={texts.cyclesHint}>
      {report.cycles.length === 0 ? (
        <p className="muted">{texts.noCycle}</p>
      ) : (
        <div className="table-frame">
          <table className="table" aria-labelledby={id}>
            <thead>
              <tr>
                <th scope="col">{texts.started}</th>
                <th scope="col" className="from-narrow">
                  {texts.took}
                </th>
                <th scope="col" className="number">
                  {log.outcomes.accepted}
                </th>
                <th scope="col" className="number">
                  {log.outcomes.rejected}
                </th>
                <th scope="col" className="number from-narrow">
                  {log.outcomes.failed}
                </th>
                <th scope="col" className="number from-narrow">
                  {texts.changes}
                </th>
              </tr>
            </thead>
            <tbody>
              {report.cycles.map((cycle) => (
                <Row key={cycle.startedAt} slug={slug} connection={report.connectionId} cycle={cycle} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}

function Row({ slug, connection, cycle }: { slug: string; connection: string; cycle: Cycle }) {
  const { health: texts, log, number } = useHealthMessages();
  const took = cycle.running ? texts.running : texts.duration(lengthOf(cycle));
  return (
    <tr>
      <th scope="row">
        <Link href={routes.log(slug, { connection, ...spanOf(cycle) })}>
          <Time at={cycle.startedAt} />
        </Link>
        <span className="cell-sub">
          {took} · {log.outcomes.failed} {number(cycle.failed)} · {texts.changes} {number(cycle.changes)}
        </span>
      </th>
      <td className="from-narrow">{cycle.running ? <StateText tone="info">{took}</StateText> : took}</td>
      <td className="number">{number(cycle.accepted)}</td>
      <td className="number">
        <Refused n={cycle.rejected} tone="warn" />
      </td>
      <td className="number from-narrow">
        <Refused n={cycle.failed} tone="bad" />
      </td>
      <td className="number from-narrow">{number(cycle.changes)}</td>
    </tr>
  );
}

function Refused({ n, tone }: { n: number; tone: "warn" | "bad" }) {
  const { number } = useHealthMessages();
  return n === 0 ? <span className="quiet">0</span> : <StateText tone={tone}>{number(n)}</StateText>;
}
