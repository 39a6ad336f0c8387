import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { changeMe } from "../../api/me";
import { sessionQuery } from "../../api/session";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useSession } from "../../components/useSession";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";

/** Who one is here, and one's name as others read it. */
export function ProfileCard() {
  const messages = usePeopleMessages();
  const { me: texts, account, people } = messages;
  const { admin, tenants, expiresAt } = useSession();
  const queries = useQueryClient();
  const [name, setName] = useState(admin.name);
  const save = useAction(async () => {
    await changeMe({ name: name.trim() });
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
  });
  const { fields } = failureText(messages, save.error);
  const changed = name.trim() !== admin.name && name.trim() !== "";
  return (
    <section className="card measured" aria-labelledby="profile">
      <div className="card-head">
        <h2 id="profile">{texts.profile}</h2>
      </div>
      <div className="card-pad stack contained">
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (changed) void save.run();
          }}
        >
          {save.error !== undefined && <FailureBox error={save.error} />}
          <Field
            label={texts.name}
            name="name"
            autoComplete="name"
            value={name}
            onChange={setName}
            error={fields.name}
            isRequired
            maxLength={100}
          />
          <div>
            <Button type="submit" variant="primary" isDisabled={!changed} isPending={save.pending}>
              {account.saveName}
            </Button>
          </div>
        </Form>
        <Facts>
          <Fact label={texts.email}>{admin.email}</Fact>
          <Fact label={texts.role}>
            {admin.operator
              ? texts.operator
              : tenants.map((tenant) => people.inTenant(people.roleNames[tenant.role], tenant.name)).join(", ") || "–"}
          </Fact>
          <Fact label={texts.session}>
            <Time at={expiresAt} past={false} />
          </Fact>
        </Facts>
      </div>
    </section>
  );
}
