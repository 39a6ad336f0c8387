import type { UseQueryResult } from "@tanstack/react-query";
import type { RequestProblem } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { outcomeTone } from "../../components/Outcome";
import { useFailure } from "../../components/useFailure";
import { useCauses, useMessages } from "../../messages";
import { causeText } from "../../messages/cause";
import { routes } from "../../routes";
import { toneIcons } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";

const MOST = 5;

/** At most five kinds of problems by cause, each leading to its requests in the log. Nothing when there is none. */
export function Attention({ tenant, problems }: { tenant: string; problems: UseQueryResult<RequestProblem[]> }) {
  const { overview: texts } = useMessages();
  const { data } = problems;
  const failure = useFailure(problems);
  if (!data) return failure !== null && <FailureBox error={failure} onRetry={() => problems.refetch()} />;
  if (data.length === 0) return null;
  return (
    <section className="card" aria-labelledby="attention">
      <div className="card-head">
        <h2 id="attention">{texts.attention}</h2>
        <span className="small quiet">{texts.attentionHint}</span>
      </div>
      <ul className="attention">
        {data.slice(0, MOST).map((problem) => (
          <Row
            key={`${problem.outcome} ${problem.cause ?? problem.newest?.status}`}
            tenant={tenant}
            problem={problem}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({ tenant, problem }: { tenant: string; problem: RequestProblem }) {
  const messages = useMessages();
  const { overview: texts } = messages;
  const causes = useCauses();
  const { outcome, cause, count, lastAt, newest } = problem;
  const text = cause && causeText(causes, cause);
  const tone = outcomeTone[outcome];
  const search = { outcome, ...(cause && { cause }), span: "24h" } as const;
  return (
    <li>
      <span className="attention-icon" data-tone={tone}>
        <Icon of={toneIcons[tone]} />
        <span className="visually-hidden">{messages.log.outcomes[outcome]}</span>
      </span>
      <span className="attention-text">
        <strong>{text?.short ?? newest?.sentence ?? texts.nameless}</strong>
        <span className="small muted">
          {texts.problems(count)}, <Time at={lastAt} />
        </span>
      </span>
      <Link href={count === 1 && newest ? routes.logEvent(tenant, newest.id, search) : routes.log(tenant, search)}>
        {texts.see}
      </Link>
    </li>
  );
}
