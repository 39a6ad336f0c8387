import { useState } from "react";
import { Form } from "react-aria-components";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";

export function RenameForm({
  name,
  onSave,
  onClose,
}: {
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const messages = usePeopleMessages();
  const [typed, setTyped] = useState(name);
  const action = useAction(async () => {
    await onSave(typed.trim());
    onClose();
  });
  const { fields } = failureText(messages, action.error);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={messages.people.name}
        value={typed}
        onChange={setTyped}
        error={fields.name}
        autoComplete="off"
        isRequired
        autoFocus
        maxLength={100}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {messages.person.save}
        </Button>
      </DialogActions>
    </Form>
  );
}
