import { OnceDialog } from "../../components/OnceDialog";
import { useWebhookMessages } from "../../messages/webhooks";
import { CopyField } from "../../ui/Copy";

/** A webhook's secret in clear, this one time. */
export type FreshSecret = { name: string; secret: string };

/** The caller drops the secret in `onClose`, so that it lives nowhere after that. */
export function SecretOnce({ fresh, onClose }: { fresh: FreshSecret | undefined; onClose: () => void }) {
  const { webhooks } = useWebhookMessages();
  const texts = webhooks.secret;
  return (
    <OnceDialog
      title={fresh ? texts.title(fresh.name) : ""}
      texts={texts}
      isOpen={fresh !== undefined}
      onClose={onClose}
    >
      <p className="muted">{texts.once}</p>
      {fresh && <CopyField label={texts.label} value={fresh.secret} secret />}
    </OnceDialog>
  );
}
