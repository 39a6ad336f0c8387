import { useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { Part, type Shown } from "./ConnectionCard";

/** What was rewritten of what the connection sent, by rule, and whether being strict would refuse it. */
export function Repairs({ slug, report }: Shown) {
  const { health: texts } = useHealthMessages();
  const { connectionId: connection, repairs, strict } = report;
  const idp = report.recognised?.idp ?? report.idp;
  const none = repairs.length === 0;
  if (none && report.lastRequestAt === undefined) return null;
  const consequence = strict ? texts.isStrict : none ? texts.wouldNotBreak : texts.wouldBreak;
  return (
    <Part id={`${connection}-repairs`} title={texts.repairs}>
      <p className="muted">
        {none && `${texts.noRepair} `}
        {consequence}
      </p>
      {!none && (
        <ul className="health-repairs">
          {repairs.map((repair) => {
            const sentence = texts.rule[repair.rule](texts.times(repair.count));
            return (
              <li key={repair.rule}>
                <span className="health-repair">
                  {sentence}
                  <span className="small quiet">
                    {texts.last} <Time at={repair.lastAt} />
                  </span>
                  <span className="small muted">{texts.remedy[repair.rule](idp)}</span>
                </span>
                <Link href={routes.logEvent(slug, repair.lastEventId, { connection })}>
                  {texts.example}
                  <span className="visually-hidden"> ({sentence})</span>
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}
