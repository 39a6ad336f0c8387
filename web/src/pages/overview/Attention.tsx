/** What needs somebody: loaded after what tells at a glance. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { unresolvedQuery } from "../../api/attention";
import { problemsQuery } from "../../api/figures";
import { lessIfFollowed } from "../../api/followed";
import { may } from "../../api/rights";
import type { RequestProblem, UnresolvedMembers, Webhook } from "../../api/types";
import { webhooksQuery } from "../../api/webhooks";
import { FailureBox } from "../../components/FailureBox";
import { outcomeTone } from "../../components/Outcome";
import { useFailure } from "../../components/useFailure";
import { useCauses } from "../../messages";
import { causeText } from "../../messages/cause";
import { HealthMessages, useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { type Tone, toneIcons } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";

const MOST = 5;
/** How many are named of more. */
const NAMED = 3;
/** Hours that problems are of. */
const DAY = 24;

type AttentionProps = { tenant: string; rights: string[] };

export default function Attention(props: AttentionProps) {
  return (
    <HealthMessages.Load>
      <Told {...props} />
    </HealthMessages.Load>
  );
}

/**
 * At most five kinds of problems by cause that still stand, each leading to its requests in the log, members who are not here
 * yet, and webhooks through which nothing comes. Nothing when there is none.
 */
function Told({ tenant, rights }: AttentionProps) {
  const { attention: texts } = useHealthMessages();
  const problems = useQuery({ ...problemsQuery(tenant, DAY), enabled: rights.includes("log:read") });
  const unresolved = useQuery({ ...unresolvedQuery(tenant), enabled: rights.includes("directory:read") });
  const webhooks = useQuery({
    ...webhooksQuery(tenant),
    enabled: rights.includes(may.manageWebhooks),
    refetchInterval: lessIfFollowed(tenant),
  });
  const failure = useFailure(problems);
  const open = (problems.data ?? []).filter((problem) => problem.open > 0).slice(0, MOST);
  const waiting = unresolved.data !== undefined && unresolved.data.members > 0 ? unresolved.data : undefined;
  const parked = (webhooks.data ?? []).filter(({ state }) => state === "parked");
  const failing = (webhooks.data ?? []).filter(({ state, failure }) => state === "active" && failure !== undefined);
  const some = open.length > 0 || waiting !== undefined || parked.length > 0 || failing.length > 0;
  return (
    <>
      {problems.data === undefined && failure !== null && (
        <FailureBox error={failure} onRetry={() => problems.refetch()} />
      )}
      {some && (
        <section className="card" aria-labelledby="attention">
          <div className="card-head">
            <h2 id="attention">{texts.title}</h2>
            {open.length > 0 && <span className="small quiet">{texts.hint}</span>}
          </div>
          <ul className="attention">
            {open.map((problem) => (
              <Problem
                key={`${problem.outcome} ${problem.cause ?? problem.newest?.status}`}
                tenant={tenant}
                problem={problem}
              />
            ))}
            {parked.length > 0 && <Webhooks tenant={tenant} webhooks={parked} tone="bad" texts={texts.parked} />}
            {failing.length > 0 && <Webhooks tenant={tenant} webhooks={failing} tone="warn" texts={texts.failing} />}
            {waiting && <Unresolved tenant={tenant} waiting={waiting} />}
          </ul>
        </section>
      )}
    </>
  );
}

type RowProps = { tone: Tone; state?: string; title: string; href: string; children: ReactNode };

function Row({ tone, state, title, href, children }: RowProps) {
  const { attention: texts } = useHealthMessages();
  return (
    <li>
      <span className="attention-icon" data-tone={tone}>
        <Icon of={toneIcons[tone]} />
        {state && <span className="visually-hidden">{state}</span>}
      </span>
      <span className="attention-text">
        <strong>{title}</strong>
        <span className="small muted">{children}</span>
      </span>
      <Link href={href}>{texts.see}</Link>
    </li>
  );
}

function Problem({ tenant, problem }: { tenant: string; problem: RequestProblem }) {
  const { attention: texts, log } = useHealthMessages();
  const causes = useCauses();
  const { outcome, cause, count, open, lastAt, newest } = problem;
  const search = { outcome, ...(cause && { cause }), span: "24h" } as const;
  return (
    <Row
      tone={outcomeTone[outcome]}
      state={log.outcomes[outcome]}
      title={(cause && causeText(causes, cause))?.short ?? texts.nameless}
      href={open === 1 && newest ? routes.logEvent(tenant, newest.id, search) : routes.log(tenant, search)}
    >
      {texts.problems(open, count)}, <Time at={lastAt} />
    </Row>
  );
}

type WebhooksProps = { tenant: string; webhooks: Webhook[]; tone: Tone; texts: (count: number) => string };

function Webhooks({ tenant, webhooks, tone, texts }: WebhooksProps) {
  const { attention } = useHealthMessages();
  const [first] = webhooks;
  const one = webhooks.length === 1 && first !== undefined;
  const names = webhooks.slice(0, NAMED).map(({ name }) => name);
  return (
    <Row
      tone={tone}
      title={texts(webhooks.length)}
      href={one ? routes.webhook(tenant, first.id) : routes.webhooks(tenant)}
    >
      {attention.names(names, webhooks.length - names.length)}
    </Row>
  );
}

function Unresolved({ tenant, waiting }: { tenant: string; waiting: UnresolvedMembers }) {
  const { attention: texts } = useHealthMessages();
  const { members, groups, most } = waiting;
  return (
    <li>
      <span className="attention-icon" data-tone="info">
        <Icon of={toneIcons.info} />
      </span>
      <span className="attention-text">
        <strong>{texts.unresolved(members)}</strong>
        <span className="small muted">
          {most.slice(0, NAMED).map(({ id, displayName }, at) => (
            <span key={id}>
              {at > 0 && ", "}
              <Link href={routes.group(tenant, id, { tab: "waiting" })}>{displayName}</Link>
            </span>
          ))}
          {groups > NAMED && ` ${texts.more(groups - NAMED)}`}
        </span>
      </span>
    </li>
  );
}
