import { useState } from "react";
import { Form } from "react-aria-components";
import type { Tenant } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { LogMessages, useLogMessages } from "../../messages/log";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";

type Kept = { logBodies: Tenant["logBodies"]; logDays: number; changeDays: number };
type Props = { tenant: Tenant; onSave: (kept: Kept) => Promise<void> };

const policies = ["off", "masked", "full"] as const;
const days = [7, 14, 30, 60, 90];
const changeDays = [30, 90, 180, 365, 730];

/** What the sync log keeps of requests, for how long, and how long changes are kept. */
export function LogCard(props: Props) {
  return (
    <LogMessages.Load>
      <Card {...props} />
    </LogMessages.Load>
  );
}

function Card({ tenant, onSave }: Props) {
  const { keeping: texts } = useLogMessages();
  const [bodies, setBodies] = useState(tenant.logBodies);
  const [kept, setKept] = useState(tenant.logDays);
  const [changes, setChanges] = useState(tenant.changeDays);
  const action = useAction(() => onSave({ logBodies: bodies, logDays: kept, changeDays: changes }));
  const changed = bodies !== tenant.logBodies || kept !== tenant.logDays || changes !== tenant.changeDays;
  const offered = (usual: number[], own: number) =>
    [...new Set([...usual, own])]
      .sort((a, b) => a - b)
      .map((value) => ({ value: String(value), label: texts.daysOf(value) }));
  return (
    <section className="card measured" aria-labelledby="keeping">
      <div className="card-head">
        <h2 id="keeping">{texts.title}</h2>
      </div>
      <div className="card-pad stack">
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (changed) void action.run();
          }}
        >
          {action.error !== undefined && <FailureBox error={action.error} />}
          <Choices
            label={texts.bodies}
            value={bodies}
            onChange={setBodies}
            choices={policies.map((policy) => ({
              value: policy,
              label: texts.policies[policy],
              hint: texts.hints[policy],
            }))}
          />
          <Select
            label={texts.days}
            value={String(kept)}
            onChange={(value) => setKept(Number(value))}
            options={offered(days, tenant.logDays)}
          />
          <Select
            label={texts.changeDays}
            value={String(changes)}
            onChange={(value) => setChanges(Number(value))}
            options={offered(changeDays, tenant.changeDays)}
          />
          <p className="small quiet">{texts.secrets}</p>
          <div>
            <Button type="submit" variant="primary" isDisabled={!changed} isPending={action.pending}>
              {texts.save}
            </Button>
          </div>
        </Form>
      </div>
    </section>
  );
}
