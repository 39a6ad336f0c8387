import { type ReactNode, useState } from "react";
import { useMessages } from "../messages";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { useAction } from "../ui/useAction";
import { FailureBox } from "./FailureBox";

type ConfirmProps = {
  title: string;
  /** Names the object, the effect and whether it can be undone. */
  children: ReactNode;
  /** Verb and noun: "Revoke token". */
  action: string;
  /** What has to be typed before the act, for what is still in use. */
  typed?: string | undefined;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks before harm. Stays open with the reason when the act fails. */
export function ConfirmDialog({ isOpen, ...props }: ConfirmProps & { isOpen: boolean }) {
  return (
    <Dialog title={props.title} isOpen={isOpen} onClose={props.onClose} alert>
      <Question {...props} />
    </Dialog>
  );
}

function Question({ children, action, typed, onConfirm, onClose }: ConfirmProps) {
  const messages = useMessages();
  const [given, setGiven] = useState("");
  const act = useAction(async () => {
    await onConfirm();
    onClose();
  });
  return (
    <>
      {children}
      {typed !== undefined && (
        <Field label={messages.confirm.type(typed)} value={given} onChange={setGiven} autoComplete="off" autoFocus />
      )}
      {act.error !== undefined && <FailureBox error={act.error} />}
      <DialogActions>
        <Button onPress={onClose} autoFocus={typed === undefined}>
          {messages.confirm.cancel}
        </Button>
        <Button
          variant="danger"
          isPending={act.pending}
          isDisabled={typed !== undefined && given.trim() !== typed}
          onPress={() => void act.run()}
        >
          {action}
        </Button>
      </DialogActions>
    </>
  );
}
