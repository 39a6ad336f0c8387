import { useState } from "react";
import { Form } from "react-aria-components";
import { changeOAuthClient } from "../../api/oauthClients";
import type { ClientTrust, NewTrust, OAuthClient } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { TrustFields } from "./TrustFields";
import { draftOf, emptyTrust, keysOf, type TrustDraft, type TrustFault, trustOf } from "./trust";

type Props = { tenant: string; client: OAuthClient; mayChange: boolean; onChanged: () => void };

/** Whose signatures prove a client: shown, entered, changed, removed. */
export function ClientTrustSection({ tenant, client, mayChange, onChanged }: Props) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const [open, setOpen] = useState<"edit" | "remove">();
  const { trust, tokenSeconds } = client;
  const { id, name } = client.credential;
  const close = () => setOpen(undefined);
  const save = async (next?: NewTrust) => {
    await changeOAuthClient(tenant, id, { tokenSeconds, ...(next && { trust: next }) });
    onChanged();
  };
  const lastProof = !client.secrets.some((secret) => secret.state === "active");
  return (
    <section className="client-part" aria-labelledby="client-trust">
      <div className="client-part-head">
        <h3 id="client-trust">{texts.trust}</h3>
        {mayChange && (
          <div className="row">
            <Button onPress={() => setOpen("edit")}>{trust ? texts.change : texts.addTrust}</Button>
            {trust && <Button onPress={() => setOpen("remove")}>{texts.remove}</Button>}
          </div>
        )}
      </div>
      {trust ? <TrustFacts trust={trust} /> : <p className="muted">{texts.noTrust}</p>}
      <Dialog title={texts.trustTitle(name)} isOpen={open === "edit"} onClose={close}>
        <TrustForm before={trust} onSave={save} onClose={close} />
      </Dialog>
      <ConfirmDialog
        title={texts.removeTitle}
        isOpen={open === "remove"}
        action={texts.removeAction}
        onConfirm={() => save()}
        onClose={close}
      >
        <p>{texts.removeEffect(name)}</p>
        {lastProof && <p>{texts.revokeLast}</p>}
      </ConfirmDialog>
    </section>
  );
}

function TrustFacts({ trust }: { trust: ClientTrust }) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  return (
    <Facts>
      {(["issuer", "subject", "audience"] as const).map((claim) => (
        <Fact key={claim} label={texts[claim]}>
          <code className="long">{trust[claim]}</code>
        </Fact>
      ))}
      <Fact label={texts.keys}>
        {trust.jwksUri === undefined ? (
          texts.pasted(keysOf(trust.jwks)?.length ?? 0)
        ) : (
          <code className="long">{trust.jwksUri}</code>
        )}
      </Fact>
      <Fact label={texts.since}>
        <Time at={trust.setAt} />
      </Fact>
    </Facts>
  );
}

function TrustForm({
  before,
  onSave,
  onClose,
}: {
  before: ClientTrust | undefined;
  onSave: (trust: NewTrust) => Promise<void>;
  onClose: () => void;
}) {
  const messages = useCredentialsMessages();
  const texts = messages.credentials.client;
  const [draft, setDraft] = useState<TrustDraft>(() => (before ? draftOf(before) : emptyTrust));
  const [fault, setFault] = useState<TrustFault>();
  const action = useAction(async (trust: NewTrust) => {
    await onSave(trust);
    onClose();
  });
  const submit = () => {
    const checked = trustOf(draft);
    if ("fault" in checked) setFault(checked.fault);
    else void action.run(checked.trust);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {before && <p className="muted">{texts.trustEffect}</p>}
      {action.error !== undefined && <FailureBox error={action.error} />}
      <TrustFields
        value={draft}
        onChange={(next) => {
          setDraft(next);
          setFault(undefined);
        }}
        fault={fault}
        errors={failureText(messages, action.error).fields}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.save}
        </Button>
      </DialogActions>
    </Form>
  );
}
