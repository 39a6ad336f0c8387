/** The ways to answer an invitation, by who is there: somebody new, somebody known, somebody else. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { acceptInvitation, joinByInvitation } from "../../api/invitations";
import { sessionQuery } from "../../api/session";
import type { OpenInvitation, Session } from "../../api/types";
import { endSession } from "../../components/endSession";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { longEnough, NewPasswordField } from "../../components/NewPasswordField";
import { SignInForm } from "../../components/SignInForm";
import { useEntryMessages } from "../../messages/entry";
import { routes } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { Notice } from "../../ui/Chip";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";

type Props = { code: string; invitation: OpenInvitation };

/** Where the person was invited to, now that they may enter. */
function useEnter(invitation: OpenInvitation) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (session: Session) => {
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    const { tenantSlug } = invitation;
    await navigate({ href: tenantSlug === undefined ? routes.home() : routes.tenant(tenantSlug), replace: true });
  };
}

/** Somebody new chooses what to sign in with. */
export function NewPerson({ code, invitation, onTaken }: Props & { onTaken: () => void }) {
  const messages = useEntryMessages();
  const { invite, signIn, welcome } = messages;
  const enter = useEnter(invitation);
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const action = useAction(async () => {
    try {
      await enter(await acceptInvitation({ code, name: name.trim(), password }));
    } catch (error) {
      if (failureOf(error).code === "email_taken") onTaken();
      throw error;
    }
  });
  const { fields } = failureText(messages, action.error);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (name.trim() !== "" && longEnough(password)) void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      {/* Read by password managers, which keep the password under it. */}
      <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
      <Field
        label={welcome.name}
        name="name"
        autoComplete="name"
        value={name}
        onChange={setName}
        error={fields.name}
        isRequired
        maxLength={100}
      />
      <NewPasswordField
        label={signIn.password}
        value={password}
        onChange={setPassword}
        error={fields.password}
        submitted={sent}
        autoFocus
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {invite.accept}
      </Button>
    </Form>
  );
}

/** Somebody who has an account signs in, and accepts with that. */
export function KnownPerson({ code, invitation }: Props) {
  const { invite } = useEntryMessages();
  const queries = useQueryClient();
  const enter = useEnter(invitation);
  const join = useAction(async (session: Session) => {
    if (session.admin.email.toLowerCase() !== invitation.email.toLowerCase()) {
      queries.setQueryData(sessionQuery.queryKey, session);
      return;
    }
    try {
      await enter(await joinByInvitation(code));
    } catch (error) {
      // Signed in they are, so what failed can be tried again without.
      queries.setQueryData(sessionQuery.queryKey, session);
      throw error;
    }
  });
  return (
    <>
      <p className="muted">{invite.knownLead}</p>
      {join.error !== undefined && <FailureBox error={join.error} />}
      <SignInForm email={invitation.email} onSignedIn={(session) => void join.run(session)} />
    </>
  );
}

/** The person who is meant, signed in already. */
export function SignedInPerson({ code, invitation, name }: Props & { name: string }) {
  const { invite } = useEntryMessages();
  const enter = useEnter(invitation);
  const join = useAction(async () => enter(await joinByInvitation(code)));
  return (
    <div className="form">
      <p className="muted">{invite.joinLead(name)}</p>
      {join.error !== undefined && <FailureBox error={join.error} />}
      <Button variant="primary" isPending={join.pending} onPress={() => void join.run()}>
        {invite.join}
      </Button>
    </div>
  );
}

/** Somebody else is signed in in this browser: they sign out, or leave the invitation alone. */
export function OtherPerson({ email, invitation }: { email: string; invitation: OpenInvitation }) {
  const { invite } = useEntryMessages();
  const queries = useQueryClient();
  const leave = useAction(async () => {
    await endSession();
    queries.removeQueries({ type: "inactive" });
    await queries.resetQueries({ queryKey: sessionQuery.queryKey });
  });
  return (
    <>
      <Notice tone="warn">
        <strong>{invite.otherTitle(email)}</strong>
        <p>{invite.other(invitation.email)}</p>
      </Notice>
      {leave.error !== undefined && <FailureBox error={leave.error} />}
      <div className="row">
        <Button variant="primary" isPending={leave.pending} onPress={() => void leave.run()}>
          {invite.signOut}
        </Button>
        <ButtonLink href={routes.home()}>{invite.stay}</ButtonLink>
      </div>
    </>
  );
}
