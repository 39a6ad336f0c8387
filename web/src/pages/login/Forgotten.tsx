import { useQuery } from "@tanstack/react-query";
import { LifeBuoy, MailCheck } from "lucide-react";
import { useState } from "react";
import { Form } from "react-aria-components";
import { requestPasswordReset } from "../../api/invitations";
import { signInOptionsQuery } from "../../api/session";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { useEntryMessages } from "../../messages/entry";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { Field } from "../../ui/Field";
import { PageHeader } from "../../ui/PageHeader";
import { useAction } from "../../ui/useAction";

/** The way back in for who has forgotten their password: a link by mail, or the word whom to ask. */
export function Forgotten({ onBack }: { onBack: () => void }) {
  const { forgotten } = useEntryMessages();
  const options = useQuery(signInOptionsQuery);
  const [sentTo, setSentTo] = useState<string>();
  return (
    <>
      <PageHeader title={forgotten.title} />
      <Loaded query={options}>
        {({ mail }) => {
          if (!mail)
            return (
              <EmptyState icon={LifeBuoy} title={forgotten.noMailTitle}>
                {forgotten.noMail}
              </EmptyState>
            );
          return sentTo === undefined ? (
            <AddressForm onSent={setSentTo} />
          ) : (
            <div role="status">
              <EmptyState icon={MailCheck} title={forgotten.takenTitle}>
                {forgotten.taken(sentTo)}
              </EmptyState>
            </div>
          );
        }}
      </Loaded>
      <Button variant="quiet" onPress={onBack}>
        {forgotten.back}
      </Button>
    </>
  );
}

function AddressForm({ onSent }: { onSent: (email: string) => void }) {
  const { forgotten, signIn } = useEntryMessages();
  const [email, setEmail] = useState("");
  const action = useAction(async () => {
    await requestPasswordReset(email.trim());
    onSent(email.trim());
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (email.trim() !== "") void action.run();
      }}
    >
      <p className="muted">{forgotten.lead}</p>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <Field
        label={signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isRequired
        autoFocus
      />
      <Button type="submit" variant="primary" isPending={action.pending}>
        {forgotten.action}
      </Button>
    </Form>
  );
}
