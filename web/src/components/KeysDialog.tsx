import { KeysMessages, useKeysMessages } from "../messages/keys";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";

type Props = { isOpen: boolean; onClose: () => void };

/** The keys that act without a modifier. */
export default function KeysDialog(props: Props) {
  return (
    <KeysMessages.Load>
      <Keys {...props} />
    </KeysMessages.Load>
  );
}

function Keys({ isOpen, onClose }: Props) {
  const { keyboard: keys } = useKeysMessages();
  return (
    <Dialog title={keys.title} isOpen={isOpen} onClose={onClose}>
      <dl className="keys">
        {keys.list.map(({ press, does }) => (
          <div key={does}>
            <dt>
              {press.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="small muted">{keys.hint}</p>
      <DialogActions>
        <Button onPress={onClose}>{keys.close}</Button>
      </DialogActions>
    </Dialog>
  );
}
