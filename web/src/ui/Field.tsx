/** Labelled inputs. */
import { Search, X } from "lucide-react";
import type { ReactNode, Ref } from "react";
import {
  Button as AriaButton,
  SearchField as AriaSearchField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
} from "react-aria-components";
import "./Field.css";
import { Icon } from "./Icon";

type FieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "password" | "datetime-local";
  name?: string;
  description?: ReactNode;
  /** What is wrong with the value; shown and announced. */
  error?: string | undefined;
  autoComplete?: string;
  isRequired?: boolean;
  autoFocus?: boolean;
  mono?: boolean;
  maxLength?: number;
  /** How many lines the field shows; one that cannot hold a break without it. */
  lines?: number;
  onBlur?: () => void;
};

/** Text with its label, an explanation and, when it is wrong, why. */
export function Field({ label, description, error, mono, lines, ...rest }: FieldProps) {
  const className = mono ? "input mono" : "input";
  return (
    <TextField {...rest} isInvalid={error !== undefined} validationBehavior="aria" className="field">
      <Label className="field-label">{label}</Label>
      {lines === undefined ? (
        <Input className={className} spellCheck={false} />
      ) : (
        <TextArea className={className} rows={lines} spellCheck={false} />
      )}
      {description && (
        <Text slot="description" className="field-description">
          {description}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  );
}

/** Search of a list; the label is for screen readers, the placeholder says what is searched. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  clearLabel,
  ref,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  clearLabel: string;
  ref?: Ref<HTMLInputElement>;
}) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} className="search">
      <Icon of={Search} />
      <Input ref={ref ?? null} className="input search-input" placeholder={placeholder} spellCheck={false} />
      <AriaButton className="search-clear" aria-label={clearLabel}>
        <Icon of={X} />
      </AriaButton>
    </AriaSearchField>
  );
}
