import { useState } from "react";
import { Form } from "react-aria-components";
import { signIn } from "../api/session";
import type { Session } from "../api/types";
import { useMessages } from "../messages";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { useAction } from "../ui/useAction";
import { FailureBox } from "./FailureBox";

/** E-mail and password, for the sign-in page and for the dialog over a page whose session has ended. */
export function SignInForm({
  email: known = "",
  onSignedIn,
}: {
  email?: string;
  onSignedIn: (session: Session) => void;
}) {
  const { signIn: texts } = useMessages();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const action = useAction(signIn);
  const submit = async () => {
    const session = await action.run({ email, password });
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
