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

/** Most characters that the service takes of an address. */
const LONGEST = 2000;

/** Where the service sends people to its OpenID provider; they come back to the page `next`. */
function providerAddress(next: string | undefined, anew: boolean) {
  const search = new URLSearchParams();
  if (anew) search.set("anew", "true");
  if (next !== undefined) {
    // As a browser writes addresses: the service takes no other characters.
    const { pathname, search: query } = new URL(next, window.location.origin);
    const page = pathname + query.replaceAll("\\", "%5C");
    // One that it would refuse anyway must not keep anybody from signing in.
    if (page.length <= LONGEST && !pathname.includes("//")) search.set("next", page);
  }
  const given = search.toString();
  return `/api/v1/sign-in/provider${given === "" ? "" : `?${given}`}`;
}

/**
 * Signing in without a password, as far as the service and this browser can; nothing where they cannot. Whoever is to
 * prove `anew` who they are does so at the provider too, although it may still know them.
 */
export function OtherWays({
  onSignedIn,
  next,
  anew = false,
}: {
  onSignedIn: (session: Session) => void;
  next?: string | undefined;
  anew?: boolean;
}) {
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
      {data?.provider && (
        <ButtonLink href={providerAddress(next, anew)}>{texts.provider(data.provider.name)}</ButtonLink>
      )}
    </div>
  );
}
