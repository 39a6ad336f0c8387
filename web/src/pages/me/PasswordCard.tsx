import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { changeMyPassword } from "../../api/me";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { longEnough, NewPasswordField } from "../../components/NewPasswordField";
import { useSession } from "../../components/useSession";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Chip";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { useSignInState } from "./useSignInState";

/** Another password of one's own; the one before has to be known. */
export function PasswordCard() {
  const messages = usePeopleMessages();
  const { account: texts } = messages;
  const { admin } = useSession();
  const queries = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [sent, setSent] = useState(false);
  const [changed, setChanged] = useState(false);
  // Who signs in by other means alone has none yet.
  const first = useSignInState().query.data?.hasPassword === false;
  const action = useAction(async () => {
    await changeMyPassword({ ...(first ? {} : { current }), new: password });
    setCurrent("");
    setPassword("");
    setSent(false);
    setChanged(true);
    await queries.invalidateQueries({ queryKey: ["me"] });
  });
  const failure = action.error === undefined ? undefined : failureOf(action.error);
  const { fields } = failureText(messages, action.error);
  // About one of the two fields, and said there.
  const wrong = failure?.code === "sign_in_failed" ? texts.currentWrong : fields.current;
  return (
    <section className="card measured" aria-labelledby="password">
      <div className="card-head">
        <h2 id="password">{texts.password}</h2>
      </div>
      <Form
        className="form card-pad"
        onSubmit={(event) => {
          event.preventDefault();
          setSent(true);
          setChanged(false);
          if ((first || current !== "") && longEnough(password)) void action.run();
        }}
      >
        <p className="small muted">{texts.passwordLead}</p>
        {failure && failure.code !== "sign_in_failed" && <FailureBox error={failure} />}
        <input type="hidden" name="username" autoComplete="username" value={admin.email} readOnly />
        {!first && (
          <Field
            label={texts.current}
            type="password"
            name="current-password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            error={wrong}
            isRequired
          />
        )}
        <NewPasswordField
          label={texts.new}
          value={password}
          onChange={setPassword}
          error={fields.new}
          submitted={sent}
        />
        <div>
          <Button type="submit" variant="primary" isPending={action.pending}>
            {texts.change}
          </Button>
        </div>
        <div role="status">{changed && <Notice tone="ok">{texts.changed}</Notice>}</div>
      </Form>
    </section>
  );
}
