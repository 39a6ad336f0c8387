import { useState } from "react";
import { Form } from "react-aria-components";
import type { Tenant } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { LogMessages, useLogMessages } from "../../messages/log";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";

type Props = { tenant: Tenant; onSave: (seconds: number | null) => Promise<void> };

const usual = [60, 300, 900, 3600, 86_400];
const never = "never";

/** Within what time whoever follows the changes is to have applied one. */
export function TargetCard(props: Props) {
  return (
    <LogMessages.Load>
      <Card {...props} />
    </LogMessages.Load>
  );
}

function Card({ tenant, onSave }: Props) {
  const { target: texts } = useLogMessages();
  const kept = tenant.acknowledgementTargetSeconds;
  const [wanted, setWanted] = useState(kept);
  const action = useAction(() => onSave(wanted ?? null));
  const changed = wanted !== kept;
  const offered = [...new Set(kept === undefined ? usual : [...usual, kept])].sort((a, b) => a - b);
  return (
    <section className="card measured" aria-labelledby="target">
      <div className="card-head">
        <h2 id="target">{texts.title}</h2>
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
          <p className="small quiet">{texts.lead}</p>
          <Select
            label={texts.field}
            value={wanted === undefined ? never : String(wanted)}
            onChange={(value) => setWanted(value === never ? undefined : Number(value))}
            options={[
              ...offered.map((seconds) => ({ value: String(seconds), label: texts.span(seconds) })),
              { value: never, label: texts.never },
            ]}
          />
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
