/** Choosing one of few, or on and off. */
import { Switch as AriaSwitch, Label, Radio, RadioGroup } from "react-aria-components";
import "./Field.css";

export type Choice<T extends string> = { value: T; label: string; hint?: string };

type ChoicesProps<T extends string> = {
  label: string;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
};

/** Radio buttons below each other, each with an optional explanation. */
export function Choices<T extends string>({ label, value, choices, onChange }: ChoicesProps<T>) {
  return (
    <RadioGroup value={value} onChange={(next) => onChange(next as T)} className="fieldset">
      <Label className="field-label">{label}</Label>
      {choices.map((choice) => (
        <Radio key={choice.value} value={choice.value} className="choice">
          <span className="choice-mark" />
          <span>
            {choice.label}
            {choice.hint && <span className="choice-hint">{choice.hint}</span>}
          </span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

/** The same in one line, for short words. */
export function Segments<T extends string>({
  label,
  value,
  choices,
  onChange,
  hideLabel,
}: ChoicesProps<T> & { hideLabel?: boolean }) {
  return (
    <RadioGroup
      value={value}
      onChange={(next) => onChange(next as T)}
      orientation="horizontal"
      className="fieldset"
      {...(hideLabel ? { "aria-label": label } : {})}
    >
      {!hideLabel && <Label className="field-label">{label}</Label>}
      <span className="segments">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className="segment">
            {choice.label}
          </Radio>
        ))}
      </span>
    </RadioGroup>
  );
}

export function Switch({
  label,
  hint,
  isSelected,
  onChange,
}: {
  label: string;
  hint?: string;
  isSelected: boolean;
  onChange: (next: boolean) => void;
}) {
  return (
    <AriaSwitch isSelected={isSelected} onChange={onChange} className="switch">
      <span className="switch-track" />
      <span>
        {label}
        {hint && <span className="choice-hint">{hint}</span>}
      </span>
    </AriaSwitch>
  );
}
