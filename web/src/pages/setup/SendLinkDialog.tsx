/** Makes a set-up link and shows its address, this one time. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { createSetupLink } from "../../api/setup";
import type { Connection } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useMessages } from "../../messages";
import type { SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";

const choices = [1, 7, 30];

type Props = { texts: SetupTexts; tenant: string; connection: Connection | undefined; onClose: () => void };

export function SendLinkDialog({ texts, tenant, connection, onClose }: Props) {
  return (
    <Dialog title={texts.links.title} isOpen={connection !== undefined} onClose={onClose}>
      {connection && <SendLink texts={texts} tenant={tenant} connection={connection} onClose={onClose} />}
    </Dialog>
  );
}

function SendLink({ texts: { links }, tenant, connection, onClose }: Props & { connection: Connection }) {
  const messages = useMessages();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState("7");
  const [url, setUrl] = useState<string>();
  const action = useAction(async () => {
    const made = await createSetupLink(tenant, {
      connectionId: connection.id,
      name: name.trim(),
      lifetimeDays: Number(days),
    });
    setUrl(made.url);
    void queries.invalidateQueries({ queryKey: ["setupLinks", tenant] });
  });
  const { fields } = failureText(messages, action.error);
  if (url !== undefined) {
    return (
      <>
        <CopyField label={links.url} value={url} secret />
        <p className="muted">{links.once}</p>
        <DialogActions>
          <Button variant="primary" onPress={onClose}>
            {links.close}
          </Button>
        </DialogActions>
      </>
    );
  }
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void action.run();
      }}
    >
      <p className="muted">{links.lead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={links.name}
        value={name}
        onChange={setName}
        description={links.nameHint}
        error={fields.name}
        autoComplete="off"
        isRequired
        autoFocus
        maxLength={100}
      />
      <Select
        label={links.days}
        value={days}
        options={choices.map((one) => ({ value: String(one), label: links.dayChoices(one) }))}
        onChange={setDays}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {links.create}
        </Button>
      </DialogActions>
    </Form>
  );
}
