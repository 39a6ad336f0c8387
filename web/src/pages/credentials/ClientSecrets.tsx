import { Plus } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { issueClientSecret, revokeClientSecret } from "../../api/oauthClients";
import type { ClientSecret, OAuthClient } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { useNow } from "../../ui/clock";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { EndChoices } from "./EndChoices";
import { type End, lifetimes } from "./end";
import { isRecent, secretStateOf, stateTones } from "./state";

type Props = {
  tenant: string;
  client: OAuthClient;
  mayChange: boolean;
  onChanged: () => void;
  /** The fresh secret: to be shown once, then dropped. */
  onIssued: (secret: string) => void;
};

/** The secrets of a client; another one can be issued beside them, so that the IdP can move over. */
export function ClientSecrets({ tenant, client, mayChange, onChanged, onIssued }: Props) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const [issuing, setIssuing] = useState(false);
  const [revoking, setRevoking] = useState<ClientSecret>();
  return (
    <section className="client-part" aria-labelledby="client-secrets">
      <div className="client-part-head">
        <h3 id="client-secrets">{texts.secrets}</h3>
        {mayChange && (
          <Button icon={Plus} onPress={() => setIssuing(true)}>
            {texts.issue}
          </Button>
        )}
      </div>
      {client.secrets.length === 0 ? (
        <p className="muted">{client.trust ? texts.noSecrets : texts.noProof}</p>
      ) : (
        <ul className="client-secrets">
          {client.secrets.map((secret) => (
            <Row
              key={secret.id}
              secret={secret}
              {...(mayChange && secret.state === "active" && { onRevoke: () => setRevoking(secret) })}
            />
          ))}
        </ul>
      )}
      <Dialog title={texts.issueTitle(client.credential.name)} isOpen={issuing} onClose={() => setIssuing(false)}>
        <IssueForm
          tenant={tenant}
          credential={client.credential.id}
          onClose={() => setIssuing(false)}
          onIssued={(secret) => {
            setIssuing(false);
            onIssued(secret);
            onChanged();
          }}
        />
      </Dialog>
      <RevokeSecretDialog
        tenant={tenant}
        client={client}
        secret={revoking}
        onClose={() => setRevoking(undefined)}
        onRevoked={onChanged}
      />
    </section>
  );
}

function Row({ secret, onRevoke }: { secret: ClientSecret; onRevoke?: () => void }) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const state = secretStateOf(secret, useNow());
  return (
    <li>
      <div className="client-secret-text">
        <span className="row">
          <code>{secret.startsWith}</code>
          <Chip tone={stateTones[state]}>{credentials.states[state]}</Chip>
        </span>
        <span className="small muted client-secret-facts">
          <span>
            {texts.created} <Time at={secret.createdAt} />
            {secret.createdBy && ` ${credentials.revokedBy(secret.createdBy)}`}
          </span>
          <SecretEnd secret={secret} />
          <span>
            {secret.lastUsedAt ? (
              <>
                {texts.lastUsed} <Time at={secret.lastUsedAt} />
              </>
            ) : (
              texts.neverUsed
            )}
          </span>
        </span>
      </div>
      {onRevoke && (
        <Button aria-label={texts.revokeOf(secret.startsWith)} onPress={onRevoke}>
          {texts.revoke}
        </Button>
      )}
    </li>
  );
}

function SecretEnd({ secret }: { secret: ClientSecret }) {
  const { credentials } = useCredentialsMessages();
  const { revokedAt, revokedBy, endsAt, state } = secret;
  if (revokedAt) {
    return (
      <span>
        {credentials.revokedAt} <Time at={revokedAt} />
        {revokedBy && ` ${credentials.revokedBy(revokedBy)}`}
      </span>
    );
  }
  if (!endsAt) return <span>{credentials.noEnd}</span>;
  return (
    <span>
      {state === "ended" ? credentials.endedAt : credentials.client.ends} <Time at={endsAt} past={state === "ended"} />
    </span>
  );
}

function IssueForm({
  tenant,
  credential,
  onClose,
  onIssued,
}: {
  tenant: string;
  credential: string;
  onClose: () => void;
  onIssued: (secret: string) => void;
}) {
  const messages = useCredentialsMessages();
  const texts = messages.credentials.client;
  const [end, setEnd] = useState<End>("365");
  const action = useAction(() => issueClientSecret(tenant, credential, lifetimes(end)));
  const submit = async () => {
    const issued = await action.run();
    if (issued) onIssued(issued.clientSecret);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p className="muted">{texts.issueLead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <EndChoices
        label={messages.credentials.new.secretEnd}
        value={end}
        onChange={setEnd}
        error={failureText(messages, action.error).fields.lifetimeDays}
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.issue}
        </Button>
      </DialogActions>
    </Form>
  );
}

/** Names the secret, its last use and what stops. What is in use asks for the client's name. */
function RevokeSecretDialog({
  tenant,
  client,
  secret,
  onClose,
  onRevoked,
}: {
  tenant: string;
  client: OAuthClient;
  secret: ClientSecret | undefined;
  onClose: () => void;
  onRevoked: () => void;
}) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const { name, id } = client.credential;
  const lastUsed = secret?.lastUsedAt;
  const others = client.secrets.some((other) => other.id !== secret?.id && other.state === "active");
  return (
    <ConfirmDialog
      title={secret ? texts.revokeTitle(secret.startsWith) : ""}
      isOpen={secret !== undefined}
      action={texts.revokeAction}
      typed={isRecent(lastUsed, Date.now()) ? name : undefined}
      onConfirm={async () => {
        if (!secret) return;
        await revokeClientSecret(tenant, id, secret.id);
        onRevoked();
      }}
      onClose={onClose}
    >
      <p>{texts.revokeEffect(name)}</p>
      {!others && !client.trust && <p>{texts.revokeLast}</p>}
      <p>
        {lastUsed ? (
          <>
            {texts.used} <Time at={lastUsed} />.
          </>
        ) : (
          texts.unused
        )}
      </p>
    </ConfirmDialog>
  );
}
