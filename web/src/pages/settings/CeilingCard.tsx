import { useState } from "react";
import { Form } from "react-aria-components";
import type { CeilingChange, Tenant } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { CeilingMessages, useCeilingMessages } from "../../messages/ceiling";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Choices } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { limitOf } from "./ceiling";

type Props = {
  tenant: Tenant;
  /** Absent for those who may only see it. */
  onChange: ((ceiling: CeilingChange) => Promise<void>) | undefined;
};

/** How many requests a second the tenant may send: an operator's to set, its admins' to see. */
export function CeilingCard(props: Props) {
  return (
    <CeilingMessages.Load>
      <Card {...props} />
    </CeilingMessages.Load>
  );
}

export function Card({ tenant, onChange }: Props) {
  const { ceiling: texts } = useCeilingMessages();
  const { ceiling } = tenant;
  return (
    <section className="card measured" aria-labelledby="ceiling">
      <div className="card-head">
        <h2 id="ceiling">{texts.title}</h2>
        <Chip tone="plain">{texts.inForce(ceiling.requestsPerSecond)}</Chip>
      </div>
      <div className="card-pad stack">
        <p className="measured">{texts.lead}</p>
        {onChange ? (
          <CeilingForm key={`${ceiling.rule} ${ceiling.requestsPerSecond}`} ceiling={ceiling} onSave={onChange} />
        ) : (
          <p className="quiet">
            {texts.rules[ceiling.rule]}. {texts.onlyOperator}
          </p>
        )}
      </div>
    </section>
  );
}

type Ceiling = Tenant["ceiling"];

function CeilingForm({ ceiling, onSave }: { ceiling: Ceiling; onSave: (ceiling: CeilingChange) => Promise<void> }) {
  const { ceiling: texts } = useCeilingMessages();
  const own = ceiling.rule === "own" ? ceiling.requestsPerSecond : undefined;
  const [rule, setRule] = useState(ceiling.rule);
  const [typed, setTyped] = useState(own === undefined ? "" : String(own));
  const limit = limitOf(typed);
  const action = useAction(() => onSave(rule === "own" && limit ? { rule, requestsPerSecond: limit } : { rule }));
  const changed = rule === "own" ? limit !== undefined && limit !== own : rule !== ceiling.rule;
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Choices<Ceiling["rule"]>
        label={texts.label}
        value={rule}
        choices={[
          { value: "general", label: texts.rules.general, hint: texts.generalHint(ceiling.general) },
          { value: "none", label: texts.rules.none, hint: texts.noneHint },
          { value: "own", label: texts.rules.own, hint: texts.ownHint },
        ]}
        onChange={setRule}
      />
      {rule === "own" && (
        <Field
          label={texts.number}
          value={typed}
          onChange={setTyped}
          error={typed.trim() !== "" && limit === undefined ? texts.wrong : undefined}
          autoComplete="off"
          maxLength={7}
        />
      )}
      <div className="row">
        <Button type="submit" variant="primary" isDisabled={!changed} isPending={action.pending}>
          {texts.save}
        </Button>
        <span className="quiet small">{texts.effect}</span>
      </div>
    </Form>
  );
}
