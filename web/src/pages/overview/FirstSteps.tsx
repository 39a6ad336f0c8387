import { Activity, Check, ListChecks } from "lucide-react";
import type { ReactNode } from "react";
import type { Tenant } from "../../api/types";
import { useMessages } from "../../messages";
import { routes } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { Icon } from "../../ui/Icon";

/** What a new tenant shows: the way to the first request, with the step that is next open. */
export default function FirstSteps({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { overview } = useMessages();
  const texts = overview.steps;
  const hasCredential = tenant.health !== "not_connected";
  const current = hasCredential ? 2 : 1;
  const may = tenant.rights.includes("credentials:write");
  return (
    <section className="card first-steps" aria-labelledby="first-steps">
      <div className="card-head first-steps-head">
        <div>
          <h2 id="first-steps">{texts.title}</h2>
          <p className="muted">{texts.lead}</p>
        </div>
      </div>
      <ol>
        <Step number={1} title={texts.credentialTitle} current={current}>
          <p className="muted">{texts.credential}</p>
          {may && (
            <div>
              <ButtonLink href={routes.setup(slug)} icon={ListChecks} variant="primary">
                {texts.toSetup}
              </ButtonLink>
            </div>
          )}
        </Step>
        <Step number={2} title={texts.pasteTitle} current={current}>
          <p className="muted">{texts.paste}</p>
          <CopyField label={overview.scimUrl} value={tenant.scimUrl} />
          <p className="muted">{texts.waiting}</p>
        </Step>
        <Step number={3} title={texts.listenTitle} current={current} open={current === 2}>
          <p className="muted">{texts.listen}</p>
          {tenant.rights.includes("log:read") && (
            <div>
              <ButtonLink href={routes.log(slug)} icon={Activity}>
                {texts.toLog}
              </ButtonLink>
            </div>
          )}
        </Step>
      </ol>
    </section>
  );
}

function Step({
  number,
  title,
  current,
  open = number === current,
  children,
}: {
  number: number;
  title: string;
  current: number;
  open?: boolean;
  children: ReactNode;
}) {
  const { overview } = useMessages();
  const done = number < current;
  return (
    <li className="step" data-done={done ? "" : undefined} aria-current={number === current ? "step" : undefined}>
      <span className="step-number" aria-hidden="true">
        {done ? <Icon of={Check} /> : number}
      </span>
      <div className="step-body">
        <h3>
          {title}
          {done && <span className="visually-hidden"> ({overview.steps.done})</span>}
        </h3>
        {open && children}
      </div>
    </li>
  );
}
