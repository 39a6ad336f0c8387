import { useEffect, useState } from "react";
import { Form } from "react-aria-components";
import { beginTotp, confirmTotp, type TotpOrder } from "../../api/signIn";
import { FailureBox } from "../../components/FailureBox";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { useAction } from "../../ui/useAction";
import "./me.css";

type Props = { onClose: () => void; onEnabled: (recoveryCodes: string[]) => void };

export function TotpDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { security: texts } = usePeopleMessages();
  return (
    <Dialog title={texts.enableTitle} isOpen={isOpen} onClose={props.onClose}>
      <SetUp {...props} />
    </Dialog>
  );
}

/** Asks for a key, once while the dialog is open. */
function SetUp(props: Props) {
  const { confirm } = usePeopleMessages();
  const [order, setOrder] = useState<TotpOrder>();
  const begin = useAction(async () => setOrder(await beginTotp()));
  const waiting = useDelayed(begin.pending);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for by opening the dialog, and again by hand only
  useEffect(() => void begin.run(), []);
  if (order) return <Confirm order={order} {...props} />;
  return (
    <>
      {waiting && <Skeleton lines={4} />}
      {begin.error !== undefined && <FailureBox error={begin.error} onRetry={() => begin.run()} />}
      <DialogActions>
        <Button onPress={props.onClose}>{confirm.cancel}</Button>
      </DialogActions>
    </>
  );
}

/** Nothing is on before the app has shown a code that fits. */
function Confirm({ order, onClose, onEnabled }: Props & { order: TotpOrder }) {
  const { security: texts, confirm } = usePeopleMessages();
  const [code, setCode] = useState("");
  const action = useAction(async () => onEnabled((await confirmTotp(code.replace(/\s/g, ""))).recoveryCodes));
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() !== "") void action.run();
      }}
    >
      <p className="muted">{texts.scan}</p>
      <img className="totp-picture" src={order.qr} alt={texts.picture} width="200" height="200" />
      <CopyField label={texts.key} value={order.secret} secret />
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.code}
        name="totp"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        isRequired
        autoFocus
        mono
        maxLength={10}
      />
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.confirm}
        </Button>
      </DialogActions>
    </Form>
  );
}
