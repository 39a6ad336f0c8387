import type { Ref } from "react";
import { useRef } from "react";
import type { Credential } from "../../api/types";
import type { SetFilter } from "../../components/ListBody";
import { type Messages, useCauses, useMessages } from "../../messages";
import { type CauseTexts, causeCodes } from "../../messages/cause";
import { type LogSearch, methods, outcomes, resourceTypes, type Span, spans, statusClasses } from "../../routes";
import { Field } from "../../ui/Field";
import { type Filter, FilterBar } from "../../ui/FilterBar";

type Change = (part: { [K in keyof LogSearch]?: LogSearch[K] | undefined }, options?: { replace?: boolean }) => void;

const CUSTOM = "custom";
const DAY = 86_400_000;

export function LogFilters({
  search,
  change,
  credentials,
  inputRef,
}: {
  search: LogSearch;
  change: Change;
  credentials: Credential[];
  inputRef: Ref<HTMLInputElement>;
}) {
  const messages = useMessages();
  const { log: texts } = messages;
  const causes = useCauses();
  const fixed = search.from !== undefined || search.to !== undefined;
  return (
    <FilterBar
      search={{
        label: texts.search,
        placeholder: texts.search,
        value: search.q ?? "",
        onChange: (q) => change({ q }, { replace: search.q !== undefined }),
        ref: inputRef,
      }}
      filters={choices(search, change, messages, credentials, causes)}
      fixed={fixedFilters(search, change, messages)}
    >
      {fixed && <Between search={search} change={change} />}
    </FilterBar>
  );
}

/** What no list of choices sets: it comes with the link that led here. */
function fixedFilters(search: LogSearch, change: Change, { log: texts }: Messages): SetFilter[] {
  const set = (id: "resource" | "connection", label: string): SetFilter[] =>
    search[id] ? [{ id, label, onClear: () => change({ [id]: undefined }) }] : [];
  return [...set("connection", texts.oneConnection), ...set("resource", texts.oneResource)];
}

function choices(
  search: LogSearch,
  change: Change,
  messages: Messages,
  credentials: Credential[],
  causes: CauseTexts | undefined,
): Filter[] {
  const { log: texts } = messages;
  const choice = <T extends string>(
    id: keyof LogSearch,
    label: string,
    values: readonly T[],
    labelOf: (value: T) => string,
  ): Filter => ({
    id,
    label,
    value: search[id],
    options: values.map((value) => ({ value, label: labelOf(value) })),
    onChange: (value) => change({ [id]: value }),
  });
  const span: Filter = {
    ...choice<Span>("span", texts.span, spans, (value) => texts.spans[value]),
    value: search.from || search.to ? CUSTOM : search.span,
    onChange: (value) => {
      if (value === CUSTOM) {
        const now = Date.now();
        change({ span: undefined, from: new Date(now - DAY).toISOString(), to: new Date(now).toISOString() });
      } else {
        change({ span: value as Span | undefined, from: undefined, to: undefined });
      }
    },
  };
  span.options.push({ value: CUSTOM, label: texts.custom });
  return [
    choice("outcome", texts.outcome, outcomes, (value) => texts.outcomes[value]),
    choice("cause", texts.cause, causeCodes, (code) => causes?.[code].short ?? code),
    choice("method", texts.method, methods, (value) => value),
    choice("type", texts.type, resourceTypes, (value) => texts.types[value]),
    choice("status", texts.class, statusClasses, (value) => texts.classes[value]),
    ...(credentials.length > 1 || search.credential
      ? [
          choice(
            "credential",
            texts.credential,
            credentials.map((credential) => credential.id),
            (id) => credentials.find((credential) => credential.id === id)?.name ?? id,
          ),
        ]
      : []),
    span,
  ];
}

/** Two native fields in local time; the address keeps UTC. */
function Between({ search, change }: { search: LogSearch; change: Change }) {
  const { log: texts } = useMessages();
  const field = (name: "from" | "to", label: string) => (
    <LocalMoment
      key={name}
      label={label}
      value={search[name]}
      onChange={(at) => change({ [name]: at }, { replace: true })}
    />
  );
  return (
    <div className="log-between">
      {field("from", texts.from)}
      {field("to", texts.to)}
    </div>
  );
}

function LocalMoment({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (at: string | undefined) => void;
}) {
  const shown = useRef(value);
  return (
    <Field
      label={label}
      type="datetime-local"
      value={toLocal(value ?? shown.current)}
      onChange={(typed) => {
        const time = new Date(typed);
        if (typed !== "" && !Number.isNaN(time.getTime())) onChange(time.toISOString());
      }}
    />
  );
}

/** A moment in the form a `datetime-local` field takes. */
export function toLocal(iso: string | undefined): string {
  const time = new Date(iso ?? "");
  if (Number.isNaN(time.getTime())) return "";
  const pad = (part: number) => String(part).padStart(2, "0");
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day}T${pad(time.getHours())}:${pad(time.getMinutes())}`;
}

/** What narrows the log now, in words, each with a way to clear it. */
export function setFilters(
  search: LogSearch,
  change: Change,
  messages: Messages,
  credentials: Credential[],
  causes: CauseTexts | undefined,
): SetFilter[] {
  const set = choices(search, change, messages, credentials, causes)
    .filter((filter) => filter.value !== undefined)
    .map((filter) => ({
      id: filter.id,
      label: `${filter.label}: ${filter.options.find((option) => option.value === filter.value)?.label ?? filter.value}`,
      onClear: () => filter.onChange(undefined),
    }));
  set.push(...fixedFilters(search, change, messages));
  if (search.q) set.push({ id: "q", label: `“${search.q}”`, onClear: () => change({ q: undefined }) });
  return set;
}
