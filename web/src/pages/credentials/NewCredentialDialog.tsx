import { useState } from "react";
import { Form } from "react-aria-components";
import { createConnection, issueCredential } from "../../api/credentials";
import { createOAuthClient } from "../../api/oauthClients";
import type { Connection, Credential, CredentialRights, Idp } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import type { Issued } from "../../components/SecretDialog";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { EndChoices } from "./EndChoices";
import { type End, lifetimes } from "./end";
import { IdpSelect } from "./IdpSelect";
import { TrustFields } from "./TrustFields";
import { emptyTrust, type TrustFault, trustOf } from "./trust";

type Props = {
  tenant: string;
  connections: Connection[];
  credentials: Credential[];
  onClose: () => void;
  onIssued: (issued: Issued) => void;
};

export function NewCredentialDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { credentials } = useCredentialsMessages();
  return (
    <Dialog title={credentials.new.title} isOpen={isOpen} onClose={props.onClose}>
      <NewCredentialForm {...props} />
    </Dialog>
  );
}

type Proof = "secret" | "assertions";

function NewCredentialForm({ tenant, connections, credentials, onClose, onIssued }: Props) {
  const messages = useCredentialsMessages();
  const texts = messages.credentials.new;
  const [open] = useState(() => connections.filter((connection) => connection.state === "open"));
  const [idp, setIdp] = useState<Idp>("entra");
  const [connectionId, setConnectionId] = useState(open[0]?.id);
  const [name, setName] = useState(() =>
    texts.suggested(credentials.filter((credential) => credential.state === "active").length),
  );
  const [kind, setKind] = useState<Credential["kind"]>("bearer_token");
  const [proof, setProof] = useState<Proof>("secret");
  const [end, setEnd] = useState<End>("365");
  const [trust, setTrust] = useState(emptyTrust);
  const [fault, setFault] = useState<TrustFault>();
  const [rights, setRights] = useState<CredentialRights>("scim");
  const action = useAction(async (): Promise<Issued> => {
    // The first credential makes its connection too; a second try after a failure uses the one made before.
    let id = connectionId;
    if (id === undefined) {
      id = (await createConnection(tenant, { name: messages.idps[idp], idp })).id;
      setConnectionId(id);
    }
    const common = { connectionId: id, name: name.trim(), rights };
    if (kind === "bearer_token") {
      const { credential, token } = await issueCredential(tenant, { ...common, ...lifetimes(end) });
      return { name: credential.name, token };
    }
    const { client, clientSecret } = await createOAuthClient(tenant, { ...common, ...proven() });
    return { name: client.credential.name, tokenUrl: client.tokenUrl, clientId: client.clientId, clientSecret };
  });
  const proven = () => {
    if (proof === "secret") {
      const { lifetimeDays } = lifetimes(end);
      return { secret: true, ...(lifetimeDays && { secretLifetimeDays: lifetimeDays }) };
    }
    const checked = trustOf(trust);
    return { secret: false, ...("trust" in checked && checked) };
  };
  const { fields } = failureText(messages, action.error);
  const bySignature = kind === "oauth_client" && proof === "assertions";
  const submit = async () => {
    const checked = bySignature ? trustOf(trust) : undefined;
    setFault(checked && "fault" in checked ? checked.fault : undefined);
    if (checked && "fault" in checked) return;
    const issued = await action.run();
    if (issued) onIssued(issued);
  };
  const changeTrust = (next: typeof trust) => {
    setTrust(next);
    setFault(undefined);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") void submit();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      {open.length === 0 && <IdpSelect value={idp} onChange={setIdp} />}
      {open.length > 1 && (
        <Select
          label={texts.connection}
          value={connectionId ?? ""}
          options={open.map((connection) => ({ value: connection.id, label: connection.name }))}
          onChange={setConnectionId}
        />
      )}
      <Field
        label={texts.name}
        name="credential-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        description={texts.nameHint}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={100}
      />
      <Choices<Credential["kind"]>
        label={texts.kind}
        value={kind}
        choices={(["bearer_token", "oauth_client"] as const).map((value) => ({
          value,
          label: messages.credentials.kinds[value],
          hint: texts.kindHint[value],
        }))}
        onChange={setKind}
      />
      {kind === "oauth_client" && (
        <Choices<Proof>
          label={texts.proof}
          value={proof}
          choices={(["secret", "assertions"] as const).map((value) => ({
            value,
            label: texts.proofs[value],
            hint: texts.proofHint[value],
          }))}
          onChange={setProof}
        />
      )}
      {bySignature ? (
        <TrustFields value={trust} onChange={changeTrust} fault={fault} errors={fields} />
      ) : (
        <EndChoices
          label={kind === "bearer_token" ? texts.end : texts.secretEnd}
          value={end}
          onChange={setEnd}
          error={fields.secretLifetimeDays}
        />
      )}
      <Choices<CredentialRights>
        label={texts.rights}
        value={rights}
        choices={(["scim", "scim:read"] as const).map((value) => ({
          value,
          label: texts.rightsLong[value],
          hint: texts.rightsHint[value],
        }))}
        onChange={setRights}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.action}
        </Button>
      </DialogActions>
    </Form>
  );
}
