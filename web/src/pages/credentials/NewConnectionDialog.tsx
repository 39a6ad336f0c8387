import { useState } from "react";
import { Form } from "react-aria-components";
import { createConnection } from "../../api/credentials";
import type { Connection, Idp } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { IdpSelect } from "./IdpSelect";

type Props = { tenant: string; onClose: () => void; onCreated: (connection: Connection) => void };

export function NewConnectionDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { credentials } = useCredentialsMessages();
  return (
    <Dialog title={credentials.connection.newTitle} isOpen={isOpen} onClose={props.onClose}>
      <NewConnectionForm {...props} />
    </Dialog>
  );
}

function NewConnectionForm({ tenant, onClose, onCreated }: Props) {
  const messages = useCredentialsMessages();
  const texts = messages.credentials.connection;
  const [idp, setIdp] = useState<Idp>("entra");
  const [chosen, setChosen] = useState<string>();
  const name = chosen ?? messages.idps[idp];
  const action = useAction(createConnection);
  const { fields } = failureText(messages, action.error);
  const submit = async () => {
    const connection = await action.run(tenant, { name: name.trim(), idp });
    if (connection) onCreated(connection);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void submit();
      }}
    >
      <p className="muted">{texts.newLead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <IdpSelect value={idp} onChange={setIdp} />
      <Field
        label={texts.name}
        value={name}
        onChange={setChosen}
        error={fields.name}
        autoComplete="off"
        isRequired
        maxLength={100}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.create}
        </Button>
      </DialogActions>
    </Form>
  );
}
