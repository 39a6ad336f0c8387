/** The first operator: a one-time code in the address's fragment, which no log or proxy sees. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Link2Off } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { becomeOperator, checkWelcome, sessionQuery } from "../../api/session";
import { EntryCard } from "../../components/EntryCard";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useMessages } from "../../messages";
import { routes } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { Field } from "../../ui/Field";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { useAction } from "../../ui/useAction";

const LEAST_PASSWORD = 12;

export function WelcomePage() {
  const { welcome } = useMessages();
  // Taken out of the address at once, so that it is in no history and in no copied link.
  const [code] = useState(() => {
    const given = window.location.hash.slice(1);
    window.history.replaceState(window.history.state, "", window.location.pathname);
    return given;
  });
  const check = useQuery({
    queryKey: ["welcome"],
    queryFn: async () => {
      await checkWelcome(code);
      return true;
    },
    enabled: code !== "",
    retry: false,
    gcTime: 0,
  });
  const waiting = useDelayed(check.isPending && code !== "");
  const used = code === "" || (check.error !== null && failureOf(check.error).code === "code_unknown");
  return (
    <EntryCard>
      {used ? (
        <>
          <PageHeader title={welcome.title} />
          <EmptyState
            icon={Link2Off}
            title={welcome.usedTitle}
            actions={<ButtonLink href={routes.login()}>{welcome.toSignIn}</ButtonLink>}
          >
            {welcome.used}
          </EmptyState>
        </>
      ) : (
        <>
          <PageHeader title={welcome.title} lead={<p>{welcome.lead}</p>} />
          {waiting && <Skeleton lines={4} />}
          {check.error !== null && <FailureBox error={check.error} onRetry={() => void check.refetch()} />}
          {check.data === true && <OperatorForm code={code} />}
        </>
      )}
    </EntryCard>
  );
}

function OperatorForm({ code }: { code: string }) {
  const messages = useMessages();
  const { welcome, signIn } = messages;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [left, setLeft] = useState(false);
  const action = useAction(becomeOperator);
  const { fields } = failureText(messages, action.error);
  const short = left && password !== "" && [...password].length < LEAST_PASSWORD;
  const submit = async () => {
    const session = await action.run({ code, name: name.trim(), email: email.trim(), password });
    if (!session) return;
    queries.setQueryData(sessionQuery.queryKey, session);
    await navigate({ href: routes.home(), replace: true });
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setLeft(true);
        if (name.trim() && email.trim() && [...password].length >= LEAST_PASSWORD) void submit();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={welcome.name}
        name="name"
        autoComplete="name"
        value={name}
        onChange={setName}
        error={fields.name}
        isRequired
        autoFocus
      />
      <Field
        label={signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        error={fields.email}
        isRequired
      />
      <Field
        label={signIn.password}
        type="password"
        name="password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
        onBlur={() => setLeft(true)}
        description={welcome.passwordHint(LEAST_PASSWORD)}
        error={short ? welcome.passwordShort(LEAST_PASSWORD) : fields.password}
        isRequired
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {welcome.action}
      </Button>
    </Form>
  );
}
