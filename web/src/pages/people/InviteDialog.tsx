import { useState } from "react";
import { Form } from "react-aria-components";
import { invite } from "../../api/people";
import type { Role } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import type { MadeLink } from "./LinkDialog";
import { tenantRoles } from "./roles";

type Props = {
  /** Into which tenant; to run the service without one. */
  tenant: string | undefined;
  onClose: () => void;
  onInvited: (made: MadeLink) => void;
};

export function InviteDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { invitations: texts } = usePeopleMessages();
  return (
    <Dialog
      title={props.tenant === undefined ? texts.operatorTitle : texts.title}
      isOpen={isOpen}
      onClose={props.onClose}
    >
      <InviteForm {...props} />
    </Dialog>
  );
}

function InviteForm({ tenant, onClose, onInvited }: Props) {
  const messages = usePeopleMessages();
  const { invitations: texts, people, link } = messages;
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>(tenant === undefined ? "operator" : "viewer");
  const action = useAction(() => invite(tenant, { email: email.trim(), name: name.trim(), role }));
  const { fields } = failureText(messages, action.error);
  const submit = async () => {
    const made = await action.run();
    if (!made) return;
    const { invitation, ...rest } = made;
    onInvited({ ...rest, title: link.invitation(invitation.email), ...invitation });
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (email.trim() !== "" && name.trim() !== "") void submit();
      }}
    >
      <p className="muted">{tenant === undefined ? texts.operatorLead : texts.lead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.email}
        type="email"
        name="invited-email"
        autoComplete="off"
        value={email}
        onChange={setEmail}
        error={fields.email}
        isRequired
        autoFocus
      />
      <Field
        label={texts.name}
        name="invited-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        error={fields.name}
        isRequired
        maxLength={100}
      />
      {tenant !== undefined && (
        <Choices<Role>
          label={texts.role}
          value={role}
          choices={tenantRoles.map((value) => ({
            value,
            label: people.roleNames[value],
            hint: people.roleHints[value],
          }))}
          onChange={setRole}
        />
      )}
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.action}
        </Button>
      </DialogActions>
    </Form>
  );
}
