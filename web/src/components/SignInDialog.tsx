import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../api/session";
import { sessionEnd, type Why } from "../api/sessionEnd";
import { useMessages } from "../messages";
import { Dialog } from "../ui/Dialog";
import { SignInForm } from "./SignInForm";

/** Signing in again over the page whose session has ended or is too old, so that nothing typed is lost. */
export default function SignInDialog({ email, why }: { email: string; why: Why }) {
  const { signIn: texts } = useMessages();
  const queries = useQueryClient();
  return (
    <Dialog title={texts.again} isOpen onClose={() => sessionEnd.decline()} guarded={why === "ended"}>
      <p className="muted">{texts.againWhy[why]}</p>
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
