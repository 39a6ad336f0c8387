/** Filters of a list in one line: choices, a search, and what is set with a way to clear it. */
import { ListFilter, X } from "lucide-react";
import { type ReactNode, type Ref, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useMessages } from "../messages";
import { Button } from "./Button";
import { SearchField } from "./Field";
import "./FilterBar.css";
import { Icon } from "./Icon";
import { FilterSelect, type Option } from "./Select";

export type Filter = {
  id: string;
  label: string;
  /** The chosen value; nothing means any. */
  value: string | undefined;
  options: Option[];
  onChange: (value: string | undefined) => void;
};

/** A filter that is set but has no choice of its own in the bar, such as one person. */
export type FixedFilter = { id: string; label: string; onClear: () => void };

const ANY = "";
const TYPING = 250;

export function FilterBar({
  filters = [],
  fixed = [],
  search,
  children,
}: {
  filters?: Filter[];
  fixed?: FixedFilter[];
  search?: {
    label: string;
    placeholder: string;
    value: string;
    onChange: (value: string) => void;
    ref?: Ref<HTMLInputElement>;
  };
  children?: ReactNode;
}) {
  const messages = useMessages();
  const [open, setOpen] = useState(false);
  const set = filters.filter((filter) => filter.value !== undefined).length;
  return (
    <search className="filter-bar" aria-label={messages.filters.label}>
      {search && <DebouncedSearch {...search} clearLabel={messages.filters.clearSearch} />}
      {filters.length > 0 && (
        <span className="filter-toggle">
          <Button icon={ListFilter} onPress={() => setOpen(!open)} aria-expanded={open}>
            {messages.filters.toggle(set)}
          </Button>
        </span>
      )}
      {filters.length > 0 && (
        <div className="filter-choices" data-open={open ? "" : undefined}>
          {filters.map((filter) => (
            <FilterSelect
              key={filter.id}
              label={filter.label}
              isSet={filter.value !== undefined}
              value={filter.value ?? ANY}
              options={[{ value: ANY, label: messages.filters.any }, ...filter.options]}
              onChange={(value) => filter.onChange(value === ANY ? undefined : value)}
            />
          ))}
        </div>
      )}
      {fixed.map((filter) => (
        <span key={filter.id} className="filter-fixed">
          {filter.label}
          <AriaButton
            className="filter-clear"
            aria-label={messages.filters.clear(filter.label)}
            onPress={filter.onClear}
          >
            <Icon of={X} size={14} />
          </AriaButton>
        </span>
      ))}
      {children}
    </search>
  );
}

/** Passes on what is typed once the typing pauses, and takes over a value that changes from outside. */
function DebouncedSearch({
  value,
  onChange,
  ...rest
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  clearLabel: string;
  ref?: Ref<HTMLInputElement>;
}) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  });
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(
      () => {
        sent.current = typed;
        change.current(typed);
      },
      typed === "" ? 0 : TYPING,
    );
    return () => clearTimeout(timer);
  }, [typed]);
  return <SearchField {...rest} value={typed} onChange={setTyped} />;
}
