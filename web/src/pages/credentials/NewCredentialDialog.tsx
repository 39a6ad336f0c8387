import { useState } from "react";
import { Form } from "react-aria-components";
import { createConnection, issueCredential } from "../../api/credentials";
import type { Connection, Credential, CredentialRights, Idp } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useMessages } from "../../messages";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { IdpSelect } from "./IdpSelect";

type Issued = { credential: Credential; token: string };

type Props = {
  tenant: string;
  connections: Connection[];
  credentials: Credential[];
  onClose: () => void;
  onIssued: (issued: Issued) => void;
};

export function NewCredentialDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { credentials } = useMessages();
  return (
    <Dialog title={credentials.new.title} isOpen={isOpen} onClose={props.onClose}>
      <NewCredentialForm {...props} />
    </Dialog>
  );
}

type End = "365" | "90" | "none";

const days: Record<End, { lifetimeDays?: 90 | 365 }> = {
  "365": { lifetimeDays: 365 },
  "90": { lifetimeDays: 90 },
  none: {},
};

function NewCredentialForm({ tenant, connections, credentials, onClose, onIssued }: Props) {
  const messages = useMessages();
  const texts = messages.credentials.new;
  const [open] = useState(() => connections.filter((connection) => connection.state === "open"));
  const [idp, setIdp] = useState<Idp>("entra");
  const [connectionId, setConnectionId] = useState(open[0]?.id);
  const [name, setName] = useState(() =>
    texts.suggested(credentials.filter((credential) => credential.state === "active").length),
  );
  const [end, setEnd] = useState<End>("365");
  const [rights, setRights] = useState<CredentialRights>("scim");
  const action = useAction(async (): Promise<Issued> => {
    // The first credential makes its connection too; a second try after a failure uses the one made before.
    let id = connectionId;
    if (id === undefined) {
      id = (await createConnection(tenant, { name: messages.idps[idp], idp })).id;
      setConnectionId(id);
    }
    return issueCredential(tenant, { connectionId: id, name: name.trim(), rights, ...days[end] });
  });
  const { fields } = failureText(messages, action.error);
  const submit = async () => {
    const issued = await action.run();
    if (issued) onIssued(issued);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void submit();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      {open.length === 0 && <IdpSelect value={idp} onChange={setIdp} />}
      {open.length > 1 && (
        <Select
          label={texts.connection}
          value={connectionId ?? ""}
          options={open.map((connection) => ({ value: connection.id, label: connection.name }))}
          onChange={setConnectionId}
        />
      )}
      <Field
        label={texts.name}
        name="credential-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        description={texts.nameHint}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={100}
      />
      <Choices<End>
        label={texts.end}
        value={end}
        choices={(["365", "90", "none"] as const).map((value) => ({
          value,
          label: texts.ends[value],
          hint: texts.endHint[value],
        }))}
        onChange={setEnd}
      />
      <Choices<CredentialRights>
        label={texts.rights}
        value={rights}
        choices={(["scim", "scim:read"] as const).map((value) => ({
          value,
          label: texts.rightsLong[value],
          hint: texts.rightsHint[value],
        }))}
        onChange={setRights}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.action}
        </Button>
      </DialogActions>
    </Form>
  );
}
