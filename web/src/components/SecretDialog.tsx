import { Check } from "lucide-react";
import { useState } from "react";
import { useMessages } from "../messages";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Chip";
import { CopyField } from "../ui/Copy";
import { Dialog, DialogActions } from "../ui/Dialog";

export type Secret = { name: string; token: string; scimUrl: string };

/**
 * Shows a fresh token, this one time. Closes only by "I have stored it"; `Esc` asks first. The caller drops the
 * secret in `onClose`, so that it lives nowhere after that.
 */
export function SecretDialog({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const { secret: texts } = useMessages();
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    onClose();
  };
  return (
    <Dialog
      title={secret ? texts.title(secret.name) : ""}
      isOpen={secret !== undefined}
      onClose={close}
      guarded
      onEscape={() => setAsking(true)}
    >
      {secret && (
        <>
          <p className="muted">{texts.once}</p>
          <CopyField label={texts.url} value={secret.scimUrl} />
          <CopyField label={texts.token} value={secret.token} secret />
          {asking ? (
            <Notice
              tone="warn"
              actions={
                <>
                  <Button onPress={() => setAsking(false)} autoFocus>
                    {texts.keepOpen}
                  </Button>
                  <Button variant="danger" onPress={close}>
                    {texts.closeAnyway}
                  </Button>
                </>
              }
            >
              <span role="alert">{texts.question}</span>
            </Notice>
          ) : (
            <DialogActions>
              <Button variant="primary" icon={Check} onPress={close}>
                {texts.stored}
              </Button>
            </DialogActions>
          )}
        </>
      )}
    </Dialog>
  );
}
