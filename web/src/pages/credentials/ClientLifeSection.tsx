import { useState } from "react";
import { Form } from "react-aria-components";
import { changeOAuthClient } from "../../api/oauthClients";
import type { OAuthClient } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { settingsWith } from "./life";

type Props = { tenant: string; client: OAuthClient; mayChange: boolean; onChanged: () => void };

const HOUR = 3_600;
const HOURS = [1, 2, 3, 4, 5, 6];

/** How long a client's access tokens are good: shown and changed. */
export function ClientLifeSection({ tenant, client, mayChange, onChanged }: Props) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const [open, setOpen] = useState(false);
  const { id, name } = client.credential;
  const save = async (seconds: number) => {
    await changeOAuthClient(tenant, id, settingsWith(client, seconds));
    onChanged();
  };
  return (
    <section className="client-part" aria-labelledby="client-life">
      <div className="client-part-head">
        <h3 id="client-life">{texts.lifeTitle}</h3>
        {mayChange && <Button onPress={() => setOpen(true)}>{texts.changeLife}</Button>}
      </div>
      <div>
        <span>{texts.lifeOf(client.tokenSeconds)}</span>
        <span className="quiet small block">{texts.lifeHint}</span>
      </div>
      <Dialog title={texts.lifeDialog(name)} isOpen={open} onClose={() => setOpen(false)}>
        <LifeForm before={client.tokenSeconds} onSave={save} onClose={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}

function LifeForm({
  before,
  onSave,
  onClose,
}: {
  before: number;
  onSave: (seconds: number) => Promise<void>;
  onClose: () => void;
}) {
  const { credentials, confirm } = useCredentialsMessages();
  const texts = credentials.client;
  const [seconds, setSeconds] = useState(before);
  const action = useAction(async () => {
    await onSave(seconds);
    onClose();
  });
  // A program may have set what is no whole hour.
  const lives = [...new Set([...HOURS.map((hours) => hours * HOUR), before])].sort((a, b) => a - b);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run();
      }}
    >
      <p className="muted">{texts.lifeEffect}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Select
        label={texts.life}
        value={String(seconds)}
        options={lives.map((life) => ({ value: String(life), label: texts.lifeOf(life) }))}
        onChange={(value) => setSeconds(Number(value))}
      />
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button type="submit" variant="primary" isDisabled={seconds === before} isPending={action.pending}>
          {texts.save}
        </Button>
      </DialogActions>
    </Form>
  );
}
