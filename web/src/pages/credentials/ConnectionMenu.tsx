import { PencilLine, Ruler, Unplug } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { changeConnection } from "../../api/credentials";
import type { Connection } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { MenuButton } from "../../ui/MenuButton";
import { useAction } from "../../ui/useAction";

type Props = {
  tenant: string;
  connection: Connection;
  /** How many of its credentials work now. */
  live: number;
  onChanged: () => void;
};

/** What can be done to a connection: rename, make strict or lenient, close. */
export function ConnectionMenu({ tenant, connection, live, onChanged }: Props) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.connection;
  const [open, setOpen] = useState<"rename" | "strict" | "close">();
  const close = () => setOpen(undefined);
  const change = async (body: Parameters<typeof changeConnection>[2]) => {
    await changeConnection(tenant, connection.id, body);
    onChanged();
  };
  return (
    <>
      <MenuButton
        label={texts.actions(connection.name)}
        entries={[
          { id: "rename", label: texts.rename, icon: PencilLine, onAction: () => setOpen("rename") },
          {
            id: "strict",
            label: connection.strict ? texts.lenient : texts.strict,
            icon: Ruler,
            onAction: () => (connection.strict ? void change({ strict: false }) : setOpen("strict")),
          },
          { id: "close", label: texts.close, icon: Unplug, danger: true, onAction: () => setOpen("close") },
        ]}
      />
      <Dialog title={texts.renameTitle} isOpen={open === "rename"} onClose={close}>
        <Rename name={connection.name} onSave={(name) => change({ name })} onClose={close} />
      </Dialog>
      <ConfirmDialog
        title={texts.strictTitle(connection.name)}
        isOpen={open === "strict"}
        action={texts.strict}
        onConfirm={() => change({ strict: true })}
        onClose={close}
      >
        <p>{texts.strictEffect}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.closing(connection.name)}
        isOpen={open === "close"}
        action={texts.close}
        typed={live > 0 ? connection.name : undefined}
        onConfirm={() => change({ state: "closed" })}
        onClose={close}
      >
        <p>{texts.closingEffect(live)}</p>
      </ConfirmDialog>
    </>
  );
}

function Rename({
  name,
  onSave,
  onClose,
}: {
  name: string;
  onSave: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const { credentials, confirm } = useCredentialsMessages();
  const texts = credentials.connection;
  const [typed, setTyped] = useState(name);
  const action = useAction(async () => {
    await onSave(typed.trim());
    onClose();
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.name}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        isRequired
        autoFocus
        maxLength={100}
      />
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.save}
        </Button>
      </DialogActions>
    </Form>
  );
}
