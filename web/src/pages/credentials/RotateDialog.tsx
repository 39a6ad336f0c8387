import { rotateCredential } from "../../api/credentials";
import type { Credential } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { useAction } from "../../ui/useAction";

type Issued = { credential: Credential; token: string };

type Props = { tenant: string; onClose: () => void; onIssued: (issued: Issued) => void };

/** Says what a rotation does, then issues the successor. */
export function RotateDialog({ credential, ...props }: Props & { credential: Credential | undefined }) {
  const { credentials } = useCredentialsMessages();
  return (
    <Dialog
      title={credential ? credentials.rotation.title(credential.name) : ""}
      isOpen={credential !== undefined}
      onClose={props.onClose}
    >
      {credential && <RotateForm credential={credential} {...props} />}
    </Dialog>
  );
}

function RotateForm({ tenant, credential, onClose, onIssued }: Props & { credential: Credential }) {
  const { credentials, confirm } = useCredentialsMessages();
  const texts = credentials.rotation;
  const action = useAction(() => rotateCredential(tenant, credential.id));
  const submit = async () => {
    const issued = await action.run();
    if (issued) onIssued(issued);
  };
  return (
    <div className="form">
      {action.error !== undefined && <FailureBox error={action.error} />}
      <p>{texts.effect}</p>
      <p>{texts.after}</p>
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button variant="primary" isPending={action.pending} onPress={() => void submit()}>
          {texts.action}
        </Button>
      </DialogActions>
    </div>
  );
}
