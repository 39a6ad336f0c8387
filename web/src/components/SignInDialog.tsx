import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../api/session";
import { sessionEnd } from "../api/sessionEnd";
import { useMessages } from "../messages";
import { Dialog } from "../ui/Dialog";
import { SignInForm } from "./SignInForm";

/** Signing in again over the page whose session has ended, so that nothing typed is lost. */
export default function SignInDialog({ email }: { email: string }) {
  const { signIn: texts } = useMessages();
  const queries = useQueryClient();
  return (
    <Dialog title={texts.again} isOpen onClose={() => undefined} guarded>
      <p className="muted">{texts.againWhy}</p>
      <SignInForm
        email={email}
        onSignedIn={(session) => {
          queries.setQueryData(sessionQuery.queryKey, session);
          sessionEnd.begin();
          void queries.invalidateQueries();
        }}
      />
    </Dialog>
  );
}
