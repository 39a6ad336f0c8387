/** The steps of a guide: one is open, the others can be opened; each is done when what it leads to was seen. */
import { Check, ChevronRight } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import type { SetupCheck } from "../../api/types";
import type { Guide, GuideStep, SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { Segments } from "../../ui/Choice";
import { CopyButton, CopyField } from "../../ui/Copy";
import { Icon } from "../../ui/Icon";
import { Client, type ClientAct } from "./Client";
import { Token, type TokenAct } from "./Token";

/** What an IdP proves itself with. */
export type Way = "token" | "client";

type Props = {
  texts: SetupTexts;
  guide: Guide;
  scimUrl: string;
  checks: SetupCheck[];
  /** From 1. */
  step: number;
  onStep: (step: number) => void;
} & Proofs;

/** What the IdP can be given, and which of it was chosen. */
type Proofs = {
  token: TokenAct;
  client: ClientAct;
  /** What is issued takes the place of what was issued before. */
  onlyOne: boolean;
  way: Way;
  onWay: (way: Way) => void;
};

export function Steps({ texts, guide, scimUrl, checks, step, onStep, ...proofs }: Props) {
  const last = guide.steps.length;
  const isDone = (of: GuideStep) =>
    of.checks.length > 0 &&
    of.checks.every((name) => checks.some((check) => check.name === name && ["done", "fits"].includes(check.state)));
  return (
    <ol className="card guide-steps" aria-label={texts.steps}>
      {guide.steps.map((one, at) => {
        const number = at + 1;
        const open = number === step;
        const done = isDone(one);
        return (
          <li
            key={one.title}
            className="guide-step"
            data-done={done ? "" : undefined}
            aria-current={open ? "step" : undefined}
          >
            <h2 className="guide-step-head">
              <AriaButton
                className="guide-step-open"
                aria-expanded={open}
                aria-controls={open ? `step-${number}` : undefined}
                onPress={() => onStep(number)}
              >
                <span className="guide-step-number" aria-hidden="true">
                  {done ? <Icon of={Check} /> : number}
                </span>
                <span>
                  {one.title}
                  {done && <span className="visually-hidden"> ({texts.done})</span>}
                </span>
              </AriaButton>
            </h2>
            {open && (
              <div id={`step-${number}`} className="guide-step-body">
                <Body texts={texts} step={one} scimUrl={scimUrl} {...proofs} />
                <div className="guide-step-foot">
                  <span className="small muted">{texts.step(number, last)}</span>
                  {number > 1 && <Button onPress={() => onStep(number - 1)}>{texts.previous}</Button>}
                  {number < last && (
                    <Button
                      variant={done || one.checks.length === 0 ? "primary" : "secondary"}
                      onPress={() => onStep(number + 1)}
                    >
                      {texts.next}
                    </Button>
                  )}
                </div>
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Body({
  texts,
  step,
  scimUrl,
  token,
  client,
  onlyOne,
  way,
  onWay,
}: {
  texts: SetupTexts;
  step: GuideStep;
  scimUrl: string;
} & Proofs) {
  const oauth = way === "client" ? step.oauth : undefined;
  const replaces = onlyOne && token.live.length + client.live.length > 0;
  const give = oauth ? [oauth.url] : step.give;
  return (
    <>
      {step.place && (
        <p className="guide-place">
          <span className="visually-hidden">{texts.place}: </span>
          {step.place.map((part, at) => (
            <span key={part} className="guide-place-part">
              {at > 0 && <Icon of={ChevronRight} />}
              <span>{part}</span>
            </span>
          ))}
        </p>
      )}
      {step.oauth && (
        <Segments<Way>
          label={texts.way.label}
          value={way}
          choices={[
            { value: "token", label: texts.way.token },
            { value: "client", label: texts.way.client },
          ]}
          onChange={onWay}
        />
      )}
      {replaces && (step.oauth || step.give?.some(({ what }) => what === "token")) && (
        <p className="small muted">{texts.way.replaces}</p>
      )}
      {give?.map((give) => {
        if (give.what === "token") return <Token key={give.field} texts={texts} field={give.field} act={token} />;
        if (give.what === "url") return <CopyField key={give.field} label={give.field} value={scimUrl} />;
        return (
          <div key={give.field} className="field">
            <span className="field-label guide-value-head">
              {give.field} <CopyButton value={give.value} what={give.field} />
            </span>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
            <pre className="guide-value mono" tabIndex={0}>
              {give.value}
            </pre>
          </div>
        );
      })}
      {oauth && <Client texts={texts} fields={oauth.client} act={client} onlyOne={onlyOne} />}
      <ul className="guide-lines">
        {(oauth ?? step).lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {step.press && <p className="guide-then">{step.press}</p>}
      {step.behind && (
        <details className="guide-behind">
          <summary>{texts.behind}</summary>
          <p className="muted">{step.behind}</p>
        </details>
      )}
    </>
  );
}
