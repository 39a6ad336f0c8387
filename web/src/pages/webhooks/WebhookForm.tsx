import { useState } from "react";
import { Form } from "react-aria-components";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useWebhookMessages } from "../../messages/webhooks";
import { Button } from "../../ui/Button";
import { Choices, Switch } from "../../ui/Choice";
import { DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { typesOf, type Want, type WebhookDraft, wants } from "./draft";

type Props = {
  before: WebhookDraft;
  /** What stands above the buttons. */
  hint?: string;
  action: string;
  onSave: (draft: WebhookDraft) => Promise<void>;
  onClose: () => void;
};

/** Name, address and what is sent there, of a new webhook or one that is changed. */
export function WebhookForm({ before, hint, action, onSave, onClose }: Props) {
  const messages = useWebhookMessages();
  const texts = messages.webhooks.form;
  const [draft, setDraft] = useState(before);
  const change = (part: Partial<WebhookDraft>) => setDraft((draft) => ({ ...draft, ...part }));
  const save = useAction(() => onSave(draft));
  const { fields } = failureText(messages, save.error);
  const whole =
    draft.name.trim() !== "" && draft.url.trim() !== "" && (draft.want !== "some" || draft.types.length > 0);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) void save.run();
      }}
    >
      {save.error !== undefined && <FailureBox error={save.error} />}
      <Field
        label={texts.name}
        name="webhook-name"
        autoComplete="off"
        value={draft.name}
        onChange={(name) => change({ name })}
        description={texts.nameHint}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={100}
      />
      <Field
        label={texts.url}
        name="webhook-url"
        autoComplete="off"
        mono
        value={draft.url}
        onChange={(url) => change({ url })}
        description={texts.urlHint}
        error={fields.url}
        isRequired
        maxLength={2_000}
      />
      <Choices<Want>
        label={texts.gets}
        value={draft.want}
        choices={wants.map((value) => ({ value, label: texts.choices[value] }))}
        onChange={(want) => change({ want })}
      />
      {draft.want === "some" && (
        <fieldset className="fieldset" aria-label={texts.types}>
          {typesOf(draft).map((type) => (
            <Switch
              key={type}
              label={type}
              isSelected={draft.types.includes(type)}
              onChange={(on) =>
                change({ types: on ? [...draft.types, type] : draft.types.filter((other) => other !== type) })
              }
            />
          ))}
          {draft.types.length === 0 && <p className="small muted">{texts.noType}</p>}
          {fields.types && <p className="field-error">{fields.types}</p>}
        </fieldset>
      )}
      {hint && <p className="small muted">{hint}</p>}
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isDisabled={!whole} isPending={save.pending}>
          {action}
        </Button>
      </DialogActions>
    </Form>
  );
}
