/** Choosing another password by a link: a one-time code in the address's fragment, which no log or proxy sees. */
import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { checkPasswordReset, choosePasswordByLink } from "../../api/invitations";
import { EntryCard } from "../../components/EntryCard";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { longEnough, NewPasswordField } from "../../components/NewPasswordField";
import { UsedLink } from "../../components/UsedLink";
import { useLinkCode } from "../../components/useLinkCode";
import { EntryMessages, useEntryMessages } from "../../messages/entry";
import { routes } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { useAction } from "../../ui/useAction";

export function ResetPage() {
  const link = useLinkCode();
  return (
    <EntryMessages.Load>
      <EntryCard>
        <Reset key={link.turn} {...link} />
      </EntryCard>
    </EntryMessages.Load>
  );
}

function Reset({ code, turn }: { code: string; turn: number }) {
  const { reset } = useEntryMessages();
  const [changed, setChanged] = useState(false);
  const check = useQuery({
    queryKey: ["passwordReset", turn],
    queryFn: async () => {
      await checkPasswordReset(code);
      return true;
    },
    enabled: code !== "" && !changed,
    retry: false,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const waiting = useDelayed(check.isPending && code !== "");
  if (changed) return <Changed />;
  if (code === "" || (check.error !== null && failureOf(check.error).code === "code_unknown"))
    return <UsedLink title={reset.title} why={reset.used} />;
  return (
    <>
      <PageHeader title={reset.title} lead={<p>{reset.lead}</p>} />
      {waiting && <Skeleton lines={3} />}
      {check.error !== null && <FailureBox error={check.error} onRetry={() => check.refetch()} />}
      {check.data === true && <PasswordForm code={code} onChanged={() => setChanged(true)} />}
    </>
  );
}

function PasswordForm({ code, onChanged }: { code: string; onChanged: () => void }) {
  const messages = useEntryMessages();
  const { reset } = messages;
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const action = useAction(async () => {
    await choosePasswordByLink({ code, password });
    onChanged();
  });
  const { fields } = failureText(messages, action.error);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (longEnough(password)) void action.run();
      }}
    >
      {action.error !== undefined && <FailureBox error={action.error} />}
      <NewPasswordField
        label={reset.password}
        value={password}
        onChange={setPassword}
        error={fields.password}
        submitted={sent}
        autoFocus
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {reset.action}
      </Button>
    </Form>
  );
}

function Changed() {
  const { reset, welcome } = useEntryMessages();
  return (
    <>
      <PageHeader title={reset.title} />
      <EmptyState
        icon={CircleCheck}
        title={reset.doneTitle}
        actions={
          <ButtonLink variant="primary" href={routes.login()}>
            {welcome.toSignIn}
          </ButtonLink>
        }
      >
        {reset.done}
      </EmptyState>
    </>
  );
}
