import type { Ref } from "react";
import { useRef } from "react";
import type { Credential, SyncEventSummary, Tenant } from "../../api/types";
import type { SetFilter } from "../../components/ListBody";
import type { Messages } from "../../messages";
import { type CauseCode, causeCodes } from "../../messages/cause";
import { useLogMessages } from "../../messages/log";
import type { LogTexts } from "../../messages/log.en";
import {
  durations,
  idpsOf,
  type LogSearch,
  methods,
  outcomes,
  resourceTypes,
  type Span,
  spans,
  statusClasses,
} from "../../routes";
import { Field } from "../../ui/Field";
import { type Filter, FilterBar } from "../../ui/FilterBar";

type Change = (part: { [K in keyof LogSearch]?: LogSearch[K] | undefined }, options?: { replace?: boolean }) => void;

/** What of the tenant the filters name. */
export type Known = {
  credentials: Pick<Credential, "id" | "name">[];
  connections: Tenant["connections"];
  causeOf: (code: CauseCode) => string;
};
type Texts = Messages & LogTexts;

/** The credentials that requests came with, each once, for whoever may not see the list of them. */
export function credentialsOf(
  events: Pick<SyncEventSummary, "credentialId" | "credentialName">[],
): Known["credentials"] {
  const names = new Map<string, string>();
  for (const { credentialId: id, credentialName: name } of events) if (id && name) names.set(id, name);
  return [...names].map(([id, name]) => ({ id, name }));
}

const CUSTOM = "custom";
const DAY = 86_400_000;

export function LogFilters({
  search,
  change,
  known,
  inputRef,
}: {
  search: LogSearch;
  change: Change;
  known: Known;
  inputRef: Ref<HTMLInputElement>;
}) {
  const messages = useLogMessages();
  const { log: texts } = messages;
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
      filters={choices(search, change, messages, known)}
      fixed={
        search.resource
          ? [{ id: "resource", label: texts.oneResource, onClear: () => change({ resource: undefined }) }]
          : []
      }
    >
      {fixed && <Between search={search} change={change} />}
    </FilterBar>
  );
}

function choices(
  search: LogSearch,
  change: Change,
  messages: Texts,
  { credentials, connections, causeOf }: Known,
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
    choice("method", texts.method, methods, (value) => value),
    choice("type", texts.type, resourceTypes, (value) => texts.types[value]),
    choice("status", texts.class, statusClasses, (value) => texts.classes[value]),
    choice<CauseCode>("cause", messages.searching.cause, causeCodes, causeOf),
    choice("idp", messages.event.idp, idpsOf, (idp) => messages.idps[idp]),
    choice("over", messages.searching.over, durations, (ms) => messages.searching.milliseconds(Number(ms))),
    ...(connections.length > 1 || search.connection
      ? [
          choice(
            "connection",
            messages.searching.connection,
            connections.map((connection) => connection.id),
            (id) => connections.find((connection) => connection.id === id)?.name ?? id,
          ),
        ]
      : []),
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
  const { log: texts } = useLogMessages();
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
export function setFilters(search: LogSearch, change: Change, messages: Texts, known: Known): SetFilter[] {
  const { log: texts } = messages;
  const set = choices(search, change, messages, known)
    .filter((filter) => filter.value !== undefined)
    .map((filter) => ({
      id: filter.id,
      label: `${filter.label}: ${filter.options.find((option) => option.value === filter.value)?.label ?? filter.value}`,
      onClear: () => filter.onChange(undefined),
    }));
  if (search.resource) {
    set.push({ id: "resource", label: texts.oneResource, onClear: () => change({ resource: undefined }) });
  }
  if (search.q) set.push({ id: "q", label: `“${search.q}”`, onClear: () => change({ q: undefined }) });
  return set;
}
