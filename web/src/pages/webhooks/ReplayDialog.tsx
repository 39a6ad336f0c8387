import { useState } from "react";
import { Form } from "react-aria-components";
import type { Webhook } from "../../api/types";
import { replayWebhook } from "../../api/webhooks";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useWebhookMessages } from "../../messages/webhooks";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { wantOf } from "./draft";
import { againFrom } from "./standing";

type Props = {
  slug: string;
  webhook: Webhook;
  /** After which change; to be typed without one. */
  after: number | undefined;
  onReplayed: (now: Webhook) => void;
  onClose: () => void;
};

/** Says how many changes are sent again before they are. */
export function ReplayDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { webhook: texts } = useWebhookMessages();
  return (
    <Dialog title={texts.replaying.title(props.webhook.name)} isOpen={isOpen} onClose={props.onClose}>
      <ReplayForm {...props} />
    </Dialog>
  );
}

function ReplayForm({ slug, webhook, after, onReplayed, onClose }: Props) {
  const messages = useWebhookMessages();
  const texts = messages.webhook.replaying;
  const [from, setFrom] = useState(after === undefined ? "" : String(after));
  const again = againFrom(from, webhook.lastSeq);
  const action = useAction(async () => {
    onReplayed(await replayWebhook(slug, webhook.id, Number(from)));
    onClose();
  });
  const typed = from.trim() !== "";
  const possible = again !== undefined && again > 0;
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (possible) void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.from}
        name="after"
        autoComplete="off"
        value={from}
        onChange={setFrom}
        description={texts.fromHint(webhook.lastSeq)}
        error={typed && again === undefined ? texts.wrong : failureText(messages, action.error).fields.after}
        isRequired
        autoFocus
        maxLength={15}
      />
      <p aria-live="polite">{again !== undefined && texts.effect(again, wantOf(webhook) !== "all")}</p>
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isDisabled={!possible} isPending={action.pending}>
          {possible ? texts.action(again) : messages.webhook.replay}
        </Button>
      </DialogActions>
    </Form>
  );
}
