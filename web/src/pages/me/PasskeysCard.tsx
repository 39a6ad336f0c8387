import { useState } from "react";
import { Form } from "react-aria-components";
import { addPasskey, beginPasskey, type Passkey, removePasskey } from "../../api/signIn";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { usePeopleMessages } from "../../messages/people";
import { createPasskey, passkeysSupported } from "../../passkeys";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import "../people/people.css";

/** Passkeys of one's own: added, named, removed. */
export function PasskeysCard({ passkeys, onChanged }: { passkeys: Passkey[]; onChanged: () => void }) {
  const { security: texts } = usePeopleMessages();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey>();
  return (
    <section className="card measured" aria-labelledby="passkeys">
      <div className="card-head">
        <h2 id="passkeys">{texts.passkeys}</h2>
        {passkeysSupported() && <Button onPress={() => setAdding(true)}>{texts.addPasskey}</Button>}
      </div>
      <div className="card-pad stack">
        <p className="small muted">{texts.passkeysLead}</p>
        {!passkeysSupported() && <p className="quiet">{texts.unsupported}</p>}
        {passkeys.length === 0 ? (
          <p className="quiet">{texts.noPasskeys}</p>
        ) : (
          <ul className="people-list" aria-labelledby="passkeys">
            {passkeys.map((passkey) => (
              <Row key={passkey.id} passkey={passkey} onRemove={() => setRemoving(passkey)} />
            ))}
          </ul>
        )}
      </div>
      <Dialog title={texts.addPasskey} isOpen={adding} onClose={() => setAdding(false)}>
        <AddForm
          onAdded={() => {
            setAdding(false);
            onChanged();
          }}
          onClose={() => setAdding(false)}
        />
      </Dialog>
      <ConfirmDialog
        title={texts.removing(removing?.name ?? "")}
        isOpen={removing !== undefined}
        action={texts.removeAction}
        onConfirm={async () => {
          if (removing) await removePasskey(removing.id);
          onChanged();
        }}
        onClose={() => setRemoving(undefined)}
      >
        <p>{texts.removingEffect}</p>
      </ConfirmDialog>
    </section>
  );
}

function Row({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { security: texts } = usePeopleMessages();
  return (
    <li className="people-row">
      <div className="people-who">
        <span className="people-name">{passkey.name}</span>
        <span className="small quiet">
          {texts.added} <Time at={passkey.createdAt} />,{" "}
          {passkey.lastUsedAt ? (
            <>
              {texts.used} <Time at={passkey.lastUsedAt} />
            </>
          ) : (
            texts.unused
          )}
        </span>
      </div>
      <Button onPress={onRemove} aria-label={texts.removeOf(passkey.name)}>
        {texts.remove}
      </Button>
    </li>
  );
}

function AddForm({ onAdded, onClose }: { onAdded: () => void; onClose: () => void }) {
  const messages = usePeopleMessages();
  const { security: texts } = messages;
  const [name, setName] = useState("");
  const action = useAction(async () => {
    const { ceremony, options } = await beginPasskey();
    const response = await createPasskey(options);
    if (response === undefined) return;
    await addPasskey({ ceremony, name: name.trim(), response });
    onAdded();
  });
  const { fields } = failureText(messages, action.error);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.passkeyName}
        name="passkey-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        description={texts.passkeyNameHint}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={100}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.passkeyAction}
        </Button>
      </DialogActions>
    </Form>
  );
}
