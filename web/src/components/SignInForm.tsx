import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../api/failure";
import { signIn } from "../api/session";
import type { Session } from "../api/types";
import { useEntryMessages } from "../messages/entry";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { useAction } from "../ui/useAction";
import { FailureBox } from "./FailureBox";

type Given = { email: string; password: string };

/**
 * E-mail and password, then a code where the service asks for one; for the sign-in page and for the dialog over a page
 * whose session has ended.
 */
export function SignInForm({ email = "", onSignedIn }: { email?: string; onSignedIn: (session: Session) => void }) {
  const [given, setGiven] = useState<Given>();
  return given ? (
    <CodeForm given={given} onSignedIn={onSignedIn} onBack={() => setGiven(undefined)} />
  ) : (
    <PasswordForm email={email} onSignedIn={onSignedIn} onCodeNeeded={setGiven} />
  );
}

function PasswordForm({
  email: known,
  onSignedIn,
  onCodeNeeded,
}: {
  email: string;
  onSignedIn: (session: Session) => void;
  onCodeNeeded: (given: Given) => void;
}) {
  const { signIn: texts } = useEntryMessages();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const action = useAction(async () => {
    try {
      return await signIn({ email, password });
    } catch (error) {
      if (failureOf(error).code !== "code_needed") throw error;
      onCodeNeeded({ email, password });
      return undefined;
    }
  });
  const submit = async () => {
    const session = await action.run();
    if (session) onSignedIn(session);
    else setPassword("");
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (email !== "" && password !== "") void submit();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isRequired
        autoFocus={known === ""}
      />
      <Field
        label={texts.password}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        isRequired
        autoFocus={known !== ""}
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {texts.action}
      </Button>
    </Form>
  );
}

function CodeForm({
  given,
  onSignedIn,
  onBack,
}: {
  given: Given;
  onSignedIn: (session: Session) => void;
  onBack: () => void;
}) {
  const { signIn: texts } = useEntryMessages();
  const [code, setCode] = useState("");
  const action = useAction(() => signIn({ ...given, code: code.replace(/\s/g, "") }));
  const submit = async () => {
    const session = await action.run();
    if (session) onSignedIn(session);
    else setCode("");
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() !== "") void submit();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={texts.code}
        name="code"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        description={texts.codeLead}
        isRequired
        autoFocus
        mono
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {texts.codeAction}
      </Button>
      <Button variant="quiet" onPress={onBack}>
        {texts.codeBack}
      </Button>
    </Form>
  );
}
