import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Chip";
import { Dialog, DialogActions } from "../ui/Dialog";

type Texts = { stored: string; question: string; keepOpen: string; closeAnyway: string };

/**
 * Shows what no later answer shows again. Closes only by the word that it is kept; `Esc` asks first. The caller drops
 * the secret in `onClose`, so that it lives nowhere after that.
 */
export function OnceDialog({
  title,
  texts,
  isOpen,
  guarded = true,
  onClose,
  children,
}: {
  title: string;
  texts: Texts;
  isOpen: boolean;
  /** Whether it is left by the word alone; otherwise there is nothing to lose. */
  guarded?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const [asking, setAsking] = useState(false);
  const close = () => {
    setAsking(false);
    onClose();
  };
  return (
    <Dialog title={title} isOpen={isOpen} onClose={close} guarded={guarded} onEscape={() => setAsking(true)}>
      {children}
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
    </Dialog>
  );
}
