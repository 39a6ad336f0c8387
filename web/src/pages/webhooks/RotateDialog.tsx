import { useState } from "react";
import { Form } from "react-aria-components";
import type { Webhook } from "../../api/types";
import { rotateWebhookSecret } from "../../api/webhooks";
import { FailureBox } from "../../components/FailureBox";
import { useWebhookMessages } from "../../messages/webhooks";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";

/** For how long the old secret may sign beside the new one, in hours. */
const OVERLAPS = [24, 72, 168, 1, 0];

type Props = {
  slug: string;
  webhook: Webhook;
  /** The fresh secret: to be shown once, then dropped. */
  onRotated: (now: Webhook, secret: string) => void;
  onClose: () => void;
};

export function RotateDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { webhook: texts } = useWebhookMessages();
  return (
    <Dialog title={texts.rotating.title(props.webhook.name)} isOpen={isOpen} onClose={props.onClose}>
      <RotateForm {...props} />
    </Dialog>
  );
}

function RotateForm({ slug, webhook, onRotated, onClose }: Props) {
  const { webhook: all, confirm } = useWebhookMessages();
  const texts = all.rotating;
  const [hours, setHours] = useState(OVERLAPS[0] ?? 24);
  const action = useAction(async () => {
    const rotated = await rotateWebhookSecret(slug, webhook.id, hours);
    onRotated(rotated.webhook, rotated.secret);
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void action.run();
      }}
    >
      <p className="muted">{texts.lead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Select
        label={texts.keep}
        value={String(hours)}
        options={OVERLAPS.map((value) => ({ value: String(value), label: texts.hours(value) }))}
        onChange={(value) => setHours(Number(value))}
      />
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.action}
        </Button>
      </DialogActions>
    </Form>
  );
}
