import { useCredentialsMessages } from "../../messages/credentials";
import { Choices } from "../../ui/Choice";
import type { End } from "./end";

/** Choosing when a token or a secret ends by itself. */
export function EndChoices({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: End;
  onChange: (end: End) => void;
  error?: string | undefined;
}) {
  const texts = useCredentialsMessages().credentials.new;
  return (
    <div className="field">
      <Choices<End>
        label={label}
        value={value}
        choices={(["365", "90", "none"] as const).map((end) => ({
          value: end,
          label: texts.ends[end],
          hint: texts.endHint[end],
        }))}
        onChange={onChange}
      />
      {error !== undefined && (
        <span role="alert" className="field-error">
          {error}
        </span>
      )}
    </div>
  );
}
