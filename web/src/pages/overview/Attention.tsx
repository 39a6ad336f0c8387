import { useQuery } from "@tanstack/react-query";
import { recentProblemsQuery } from "../../api/log";
import { FailureBox } from "../../components/FailureBox";
import { outcomeTone } from "../../components/Outcome";
import { useCauses, useMessages } from "../../messages";
import { causeText } from "../../messages/cause";
import { routes } from "../../routes";
import { toneIcons } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { groupProblems, type Problem } from "./problems";

const GROUPS = 5;
/** As many as one page of the log holds; beyond it the figures say "or more". */
const PAGE = 200;

export function useProblems(tenant: string, enabled: boolean) {
  const rejected = useQuery({ ...recentProblemsQuery(tenant, "rejected"), enabled });
  const failed = useQuery({ ...recentProblemsQuery(tenant, "failed"), enabled });
  const data =
    rejected.data && failed.data
      ? {
          groups: groupProblems([...failed.data, ...rejected.data]).slice(0, GROUPS),
          rejected: rejected.data.length,
          rejectedCut: rejected.data.length >= PAGE,
          failed: failed.data.length,
          failedCut: failed.data.length >= PAGE,
        }
      : undefined;
  const refetch = () => Promise.all([rejected.refetch(), failed.refetch()]);
  return { data, error: data ? null : (rejected.error ?? failed.error), refetch };
}

/** At most five groups of problems by cause, each leading to the filtered log. Nothing when there is none. */
export function Attention({ tenant, problems }: { tenant: string; problems: ReturnType<typeof useProblems> }) {
  const { overview: texts } = useMessages();
  if (problems.error !== null) return <FailureBox error={problems.error} onRetry={() => void problems.refetch()} />;
  if (!problems.data || problems.data.groups.length === 0) return null;
  return (
    <section className="card" aria-labelledby="attention">
      <div className="card-head">
        <h2 id="attention">{texts.attention}</h2>
        <span className="small quiet">{texts.attentionHint}</span>
      </div>
      <ul className="attention">
        {problems.data.groups.map((problem) => (
          <Row key={`${problem.outcome} ${problem.code ?? problem.newest.status}`} tenant={tenant} problem={problem} />
        ))}
      </ul>
    </section>
  );
}

function Row({ tenant, problem }: { tenant: string; problem: Problem }) {
  const messages = useMessages();
  const { overview: texts } = messages;
  const causes = useCauses();
  const { newest } = problem;
  const text = problem.code === undefined ? undefined : causeText(causes, problem.code);
  const tone = outcomeTone[problem.outcome];
  const href =
    problem.count === 1
      ? routes.logEvent(tenant, newest.id, { outcome: problem.outcome, span: "24h" })
      : routes.log(tenant, { outcome: problem.outcome, span: "24h" });
  return (
    <li>
      <span className="attention-icon" data-tone={tone}>
        <Icon of={toneIcons[tone]} />
        <span className="visually-hidden">{messages.log.outcomes[problem.outcome]}</span>
      </span>
      <span className="attention-text">
        <strong>{text?.short ?? newest.sentence}</strong>
        <span className="small muted">
          {texts.problems(problem.count)}, <Time at={newest.at} />
        </span>
      </span>
      <Link href={href}>{texts.see}</Link>
    </li>
  );
}
