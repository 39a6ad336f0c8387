/** What a new tenant needs next: somebody who looks after it, or somebody who connects its IdP. */
import { useRef, useState } from "react";
import { Form } from "react-aria-components";
import { createConnection } from "../../api/credentials";
import { invite } from "../../api/people";
import { createSetupLink } from "../../api/setup";
import type { Connection, Idp, Tenant } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useOperatorMessages } from "../../messages/operator";
import { PeopleMessages, usePeopleMessages } from "../../messages/people";
import { idpsOf } from "../../routes";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { LinkDialog, type MadeLink } from "../people/LinkDialog";

type Step = "admin" | "link";

/** How long a set-up link is good, in days. */
const LINK_DAYS = 7;

type Props = { tenant: Tenant; onDone: () => void };

export function FirstStepDialog(props: Props) {
  return (
    <PeopleMessages.Load>
      <FirstStep {...props} />
    </PeopleMessages.Load>
  );
}

/** The same for who has the texts of people already. */
export function FirstStep({ tenant, onDone }: Props) {
  const { operator } = useOperatorMessages();
  const [made, setMade] = useState<MadeLink>();
  if (made) return <LinkDialog made={made} onClose={onDone} />;
  return (
    <Dialog title={operator.first.title(tenant.name)} isOpen onClose={onDone}>
      <StepForm tenant={tenant} onDone={onDone} onMade={setMade} />
    </Dialog>
  );
}

function StepForm({ tenant, onDone, onMade }: Props & { onMade: (made: MadeLink) => void }) {
  const messages = useOperatorMessages();
  const { link } = usePeopleMessages();
  const texts = messages.operator.first;
  const [step, setStep] = useState<Step>("admin");
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [idp, setIdp] = useState<Idp>("entra");
  const connected = useRef<Connection>(undefined);
  const action = useAction(async () => {
    if (step === "admin") {
      const body = { email: email.trim(), name: name.trim(), role: "admin" as const };
      const { invitation, ...rest } = await invite(tenant.slug, body);
      onMade({ ...rest, title: link.invitation(invitation.email), ...invitation });
      return;
    }
    // A second try goes on with the connection of the first one.
    const known = connected.current;
    const connection =
      known?.idp === idp ? known : await createConnection(tenant.slug, { name: messages.idps[idp], idp });
    connected.current = connection;
    const order = { connectionId: connection.id, name: name.trim(), lifetimeDays: LINK_DAYS };
    const { link: kept, url } = await createSetupLink(tenant.slug, order);
    onMade({ title: texts.linkFor(kept.name), email: kept.name, link: url, expiresAt: kept.endsAt });
  });
  const { fields } = failureText(messages, action.error);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "" && (step === "link" || email.trim() !== "")) void action.run();
      }}
    >
      <Choices<Step>
        label={texts.question}
        value={step}
        choices={[
          { value: "admin", label: texts.admin, hint: texts.adminHint },
          { value: "link", label: texts.link, hint: texts.linkHint },
        ]}
        onChange={(next) => {
          action.clear();
          setStep(next);
        }}
      />
      {action.error !== undefined && <FailureBox error={action.error} />}
      {step === "admin" ? (
        <Field
          label={texts.email}
          type="email"
          name="first-email"
          autoComplete="off"
          value={email}
          onChange={setEmail}
          error={fields.email}
          isRequired
        />
      ) : (
        <Select
          label={texts.idp}
          value={idp}
          options={idpsOf.map((value) => ({ value, label: messages.idps[value] }))}
          onChange={(value) => setIdp(value as Idp)}
        />
      )}
      <Field
        label={step === "admin" ? texts.name : texts.forWhom}
        name="first-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        error={fields.name}
        isRequired
        maxLength={100}
      />
      <DialogActions>
        <Button onPress={onDone}>{texts.later}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {step === "admin" ? texts.invite : texts.makeLink}
        </Button>
      </DialogActions>
    </Form>
  );
}
