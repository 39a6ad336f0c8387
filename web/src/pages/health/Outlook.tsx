/** What is wrong with a connection or will be soon, what that means, and what to do. Nothing while all is well. */
import type { ReactNode } from "react";
import { useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { Notice } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import type { Shown } from "./ConnectionCard";
import { spanOf } from "./cycle";

export function Outlook({ slug, report }: Shown) {
  const { health: texts } = useHealthMessages();
  const { health, quarantine, connectionId: connection } = report;
  const newest = report.cycles[0];
  const threat = quarantine && quarantine.distance !== "far" ? quarantine : undefined;
  const refused = (outcome: "rejected" | "failed") =>
    newest && <Link href={routes.log(slug, { outcome, connection, ...spanOf(newest) })}>{texts.toRefused}</Link>;
  // Where only our side failed, what was rejected would be an empty list.
  const link = refused(newest?.rejected === 0 ? "failed" : "rejected");
  return (
    <>
      {health === "silent" && (
        <Said tone="warn" title={texts.silentTitle}>
          {texts.silent[report.idp]}
        </Said>
      )}
      {threat && (
        <Said
          tone={threat.distance === "near" ? "warn" : "bad"}
          title={threat.distance === "near" ? texts.nearTitle : texts.beyondTitle}
          link={link}
          steps={texts.quarantineSteps}
        >
          {texts.quarantine(threat.refused, threat.requests)}
        </Said>
      )}
      {health === "failing" && !threat && (
        <Said tone="bad" title={texts.failingTitle} link={link}>
          {texts.failing}
        </Said>
      )}
    </>
  );
}

function Said({
  tone,
  title,
  link,
  steps = [],
  children,
}: {
  tone: "warn" | "bad";
  title: string;
  link?: ReactNode;
  steps?: string[];
  children: ReactNode;
}) {
  return (
    <Notice tone={tone}>
      <h3>{title}</h3>
      <p>{children}</p>
      {steps.length > 0 && (
        <ol className="health-steps">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {link && <p className="health-link">{link}</p>}
    </Notice>
  );
}
