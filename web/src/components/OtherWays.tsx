import { useQuery } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import { signInOptionsQuery } from "../api/session";
import { beginPasskeySignIn, signInWithPasskey } from "../api/signIn";
import type { Session } from "../api/types";
import { useEntryMessages } from "../messages/entry";
import { passkeysSupported, provePasskey } from "../passkeys";
import { Button, ButtonLink } from "../ui/Button";
import { useAction } from "../ui/useAction";
import { FailureBox } from "./FailureBox";

/** Where the service sends people to its OpenID provider. */
const PROVIDER = "/api/v1/sign-in/provider";

/** Signing in without a password, as far as the service and this browser can; nothing where they cannot. */
export function OtherWays({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const { signIn: texts } = useEntryMessages();
  const { data } = useQuery(signInOptionsQuery);
  const passkey = useAction(async () => {
    const { ceremony, options } = await beginPasskeySignIn();
    const response = await provePasskey(options);
    if (response) onSignedIn(await signInWithPasskey({ ceremony, response }));
  });
  const passkeys = data?.passkeys === true && passkeysSupported();
  if (!passkeys && !data?.provider) return null;
  return (
    <div className="form">
      <p className="entry-or small quiet">{texts.or}</p>
      {passkey.error !== undefined && <FailureBox error={passkey.error} />}
      {passkeys && (
        <Button icon={Fingerprint} isPending={passkey.pending} onPress={() => void passkey.run()}>
          {texts.passkey}
        </Button>
      )}
      {data?.provider && <ButtonLink href={PROVIDER}>{texts.provider(data.provider.name)}</ButtonLink>}
    </div>
  );
}
