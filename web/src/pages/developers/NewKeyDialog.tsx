import { useState } from "react";
import { Form } from "react-aria-components";
import { issueApiKey } from "../../api/apiKeys";
import type { TenantRole } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { type End, lifetimes } from "../credentials/end";

/** A key in clear, this one time. */
export type IssuedKey = { name: string; token: string };

type Props = {
  /** Whose key; the service's without one. */
  tenant: string | undefined;
  roles: readonly TenantRole[];
  onClose: () => void;
  onIssued: (issued: IssuedKey) => void;
};

export function NewKeyDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { keys } = usePeopleMessages();
  return (
    <Dialog
      title={props.tenant === undefined ? keys.new.serviceTitle : keys.new.title}
      isOpen={isOpen}
      onClose={props.onClose}
    >
      <NewKeyForm {...props} />
    </Dialog>
  );
}

function NewKeyForm({ tenant, roles, onClose, onIssued }: Props) {
  const messages = usePeopleMessages();
  const texts = messages.keys.new;
  const [name, setName] = useState("");
  // The least there is: more is given on purpose.
  const [role, setRole] = useState<TenantRole>(roles.at(-1) ?? "viewer");
  const [end, setEnd] = useState<End>("365");
  const action = useAction(() => issueApiKey(tenant, { name: name.trim(), role, ...lifetimes(end) }));
  const { fields } = failureText(messages, action.error);
  const submit = async () => {
    const issued = await action.run();
    if (issued) onIssued({ name: issued.apiKey.name, token: issued.token });
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
      <Field
        label={texts.name}
        name="key-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        description={texts.nameHint}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={100}
      />
      {roles.length > 1 && (
        <Choices<TenantRole>
          label={texts.role}
          value={role}
          choices={roles.map((value) => ({
            value,
            label: messages.people.roleNames[value],
            hint: texts.roleHints[value],
          }))}
          onChange={setRole}
        />
      )}
      {roles.length === 1 && roles[0] !== undefined && <p className="small muted">{texts.roleHints[roles[0]]}</p>}
      <Choices<End>
        label={texts.end}
        value={end}
        choices={(["365", "90", "none"] as const).map((value) => ({
          value,
          label: texts.lifetimes[value],
          hint: texts.endHints[value],
        }))}
        onChange={setEnd}
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
