/** The first operator: a one-time code in the address's fragment, which no log or proxy sees. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { becomeOperator, checkWelcome, sessionQuery } from "../../api/session";
import { EntryCard } from "../../components/EntryCard";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { longEnough, NewPasswordField } from "../../components/NewPasswordField";
import { UsedLink } from "../../components/UsedLink";
import { useLinkCode } from "../../components/useLinkCode";
import { EntryMessages, useEntryMessages } from "../../messages/entry";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { useAction } from "../../ui/useAction";

export function WelcomePage() {
  const { code, turn } = useLinkCode();
  return (
    <EntryMessages.Load>
      <Welcome key={turn} code={code} />
    </EntryMessages.Load>
  );
}

function Welcome({ code }: { code: string }) {
  const { welcome } = useEntryMessages();
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
        <UsedLink title={welcome.title} why={welcome.used} />
      ) : (
        <>
          <PageHeader title={welcome.title} lead={<p>{welcome.lead}</p>} />
          {waiting && <Skeleton lines={4} />}
          {check.error !== null && <FailureBox error={check.error} onRetry={() => check.refetch()} />}
          {check.data === true && <OperatorForm code={code} />}
        </>
      )}
    </EntryCard>
  );
}

function OperatorForm({ code }: { code: string }) {
  const messages = useEntryMessages();
  const { welcome, signIn } = messages;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const action = useAction(becomeOperator);
  const { fields } = failureText(messages, action.error);
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
        setSent(true);
        if (name.trim() && email.trim() && longEnough(password)) void submit();
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
      <NewPasswordField
        label={signIn.password}
        value={password}
        onChange={setPassword}
        error={fields.password}
        submitted={sent}
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {welcome.action}
      </Button>
    </Form>
  );
}
