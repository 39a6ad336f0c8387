import { useCredentialsMessages } from "../messages/credentials";
import { CopyField } from "../ui/Copy";
import { OnceDialog } from "./OnceDialog";

/** What an IdP needs of a fresh bearer token. */
type Token = { token: string };

/** What it needs of an OAuth client; one that proves itself by signatures alone has no secret. */
type OAuth = { tokenUrl: string; clientId: string; clientSecret: string | undefined };

/** What was just made, as its form hands it on. */
export type Issued = { name: string } & (Token | OAuth);

export type Secret = Issued & { scimUrl: string };

/**
 * Shows a fresh token or client, this one time. One with a secret closes only by "I have stored it"; `Esc` asks first.
 * The caller drops the secret in `onClose`, so that it lives nowhere after that.
 */
export function SecretDialog({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const { secret: all } = useCredentialsMessages();
  const oauth = secret && "clientId" in secret ? secret : undefined;
  const guarded = oauth === undefined || oauth.clientSecret !== undefined;
  const texts = oauth ? { ...all, ...all.client } : all;
  return (
    <OnceDialog
      title={secret ? texts.title(secret.name) : ""}
      texts={{ ...texts, stored: guarded ? texts.stored : all.client.done }}
      isOpen={secret !== undefined}
      guarded={guarded}
      onClose={onClose}
    >
      {secret && (
        <>
          <p className="muted">{guarded ? texts.once : all.client.noSecret}</p>
          <CopyField label={texts.url} value={secret.scimUrl} />
          {"token" in secret && <CopyField label={texts.token} value={secret.token} secret />}
          {oauth && (
            <>
              <CopyField label={all.client.tokenUrl} value={oauth.tokenUrl} />
              <CopyField label={all.client.clientId} value={oauth.clientId} />
            </>
          )}
          {oauth?.clientSecret !== undefined && (
            <CopyField label={all.client.clientSecret} value={oauth.clientSecret} secret />
          )}
        </>
      )}
    </OnceDialog>
  );
}
