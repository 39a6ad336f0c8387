import { useState } from "react";
import { Form } from "react-aria-components";
import { changeAppRole, createAppRole } from "../../api/access";
import type { AppRole } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useAccessMessages } from "../../messages/access";
import { Button } from "../../ui/Button";
import { DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { isRoleKey } from "./roleKey";

/** A role of the app; its key is given once. */
export function RoleForm({
  role,
  onSaved,
  onClose,
}: {
  role: AppRole | undefined;
  onSaved: () => void;
  onClose: () => void;
}) {
  const messages = useAccessMessages();
  const { appRoles: all } = messages;
  const texts = all.form;
  const [key, setKey] = useState(role?.key ?? "");
  const [name, setName] = useState(role?.name ?? "");
  const [description, setDescription] = useState(role?.description ?? "");
  const save = useAction(async () => {
    const body = { name: name.trim(), description: description.trim() };
    await (role ? changeAppRole(role.key, body) : createAppRole({ key: key.trim(), ...body }));
    onSaved();
    onClose();
  });
  const { fields } = failureText(messages, save.error);
  const typed = key.trim();
  const whole = name.trim() !== "" && (role !== undefined || isRoleKey(typed));
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void save.run();
      }}
    >
      {save.error !== undefined && <FailureBox error={save.error} />}
      {!role && (
        <Field
          label={all.key}
          name="role-key"
          autoComplete="off"
          mono
          value={key}
          onChange={setKey}
          description={texts.keyHint}
          error={typed === "" || isRoleKey(typed) ? fields.key : texts.keyWrong}
          isRequired
          autoFocus
        />
      )}
      <Field
        label={all.name}
        name="role-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        description={texts.nameHint}
        error={fields.name}
        isRequired
        autoFocus={role !== undefined}
        maxLength={100}
      />
      <Field
        label={all.description}
        name="role-description"
        autoComplete="off"
        value={description}
        onChange={setDescription}
        error={fields.description}
        lines={2}
        maxLength={500}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isDisabled={!whole} isPending={save.pending}>
          {role ? texts.save : texts.create}
        </Button>
      </DialogActions>
    </Form>
  );
}
