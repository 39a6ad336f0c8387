import type { System } from "../../api/types";
import { useConditionMessages } from "../../messages/condition";
import { StateText } from "../../ui/Chip";
import { Section } from "./Section";

type Check = System["checks"][number];

/** What the node found when it looked at itself, and what to do where something is wrong. */
export function Checks({ checks }: { checks: Check[] }) {
  const { condition: texts } = useConditionMessages();
  return (
    <Section id="system-checks" title={texts.checks}>
      <ul className="system-checks">
        {checks.map((check) => (
          <Line key={check.name} check={check} />
        ))}
      </ul>
    </Section>
  );
}

function Line({ check: { name, passed, millis } }: { check: Check }) {
  const { condition: texts } = useConditionMessages();
  const found = millis === undefined ? undefined : name === "clock" ? texts.apart(millis) : texts.answered(millis);
  return (
    <li>
      <div className="row">
        <StateText tone={passed ? "ok" : "bad"}>{passed ? texts.passed : texts.failed}</StateText>
        <span>{texts.check[name]}</span>
        {found && <span className="small quiet">{found}</span>}
      </div>
      {!passed && <p className="muted">{texts.remedy[name]}</p>}
    </li>
  );
}
