import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../api/session";
import { sessionEnd, type Why } from "../api/sessionEnd";
import type { Session } from "../api/types";
import { EntryMessages, useEntryMessages } from "../messages/entry";
import { Dialog } from "../ui/Dialog";
import { OtherWays } from "./OtherWays";
import { SignInForm } from "./SignInForm";

/** Signing in again over the page whose session has ended or is too old, so that nothing typed is lost. */
export default function SignInDialog(props: { email: string; why: Why }) {
  return (
    <EntryMessages.Load>
      <Again {...props} />
    </EntryMessages.Load>
  );
}

function Again({ email, why }: { email: string; why: Why }) {
  const { signIn: texts } = useEntryMessages();
  const queries = useQueryClient();
  const enter = (session: Session) => {
    queries.setQueryData(sessionQuery.queryKey, session);
    sessionEnd.begin();
    void queries.invalidateQueries();
  };
  return (
    <Dialog title={texts.again} isOpen onClose={() => sessionEnd.decline()} guarded={why === "ended"}>
      <p className="muted">{texts.againWhy[why]}</p>
      <SignInForm email={email} onSignedIn={enter} />
      <OtherWays onSignedIn={enter} next={window.location.pathname + window.location.search} anew={why === "stale"} />
    </Dialog>
  );
}
