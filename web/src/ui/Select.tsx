import { ChevronDown } from "lucide-react";
import { useId } from "react";
import "./Field.css";
import "./Select.css";
import { Icon } from "./Icon";

export type Option = { value: string; label: string };

type SelectProps = { label: string; value: string; options: Option[]; onChange: (value: string) => void };

/** Choosing one of many, with the platform's own list. */
export function Select({ label, hideLabel, ...rest }: SelectProps & { hideLabel?: boolean }) {
  const id = useId();
  return (
    <div className="field">
      <label className={hideLabel ? "visually-hidden" : "field-label"} htmlFor={id}>
        {label}
      </label>
      <Box id={id} {...rest} />
    </div>
  );
}

/** The same in one line, with its label inside, as filters have it. */
export function FilterSelect({ label, isSet, ...rest }: SelectProps & { isSet: boolean }) {
  const id = useId();
  return (
    <div className="filter" data-set={isSet ? "" : undefined}>
      <label className="filter-label" htmlFor={id}>
        {label}
      </label>
      <Box id={id} {...rest} />
    </div>
  );
}

function Box({ id, value, options, onChange }: Omit<SelectProps, "label"> & { id: string }) {
  return (
    <span className="select">
      <select id={id} className="input select-input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} />
    </span>
  );
}
