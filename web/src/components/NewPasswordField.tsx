import { useState } from "react";
import { useEntryMessages } from "../messages/entry";
import { Field } from "../ui/Field";

const LEAST = 12;

/** Whether the service takes a password of this length. */
export const longEnough = (password: string) => [...password].length >= LEAST;

/** A password to be chosen; says what is asked of it, and once the field is left what is wrong with it. */
export function NewPasswordField({
  label,
  value,
  onChange,
  error,
  submitted,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (password: string) => void;
  /** What the service found wrong with it. */
  error?: string | undefined;
  /** Whether the form was sent once, which is as good as leaving the field. */
  submitted: boolean;
  autoFocus?: boolean;
}) {
  const { welcome } = useEntryMessages();
  const [left, setLeft] = useState(false);
  const short = (left || submitted) && value !== "" && !longEnough(value);
  return (
    <Field
      label={label}
      type="password"
      name="new-password"
      autoComplete="new-password"
      value={value}
      onChange={onChange}
      onBlur={() => setLeft(true)}
      description={welcome.passwordHint(LEAST)}
      error={short ? welcome.passwordShort(LEAST) : error}
      isRequired
      autoFocus={autoFocus ?? false}
    />
  );
}
