import type { SetFilter } from "../../components/ListBody";
import type { AllAuditTexts } from "../../messages/audit";
import { type AuditSearch, acts, spans } from "../../routes";
import type { Filter } from "../../ui/FilterBar";

type Change = (part: { [K in keyof AuditSearch]?: AuditSearch[K] | undefined }) => void;

/** The filters with choices of their own. */
export function choices(search: AuditSearch, change: Change, { audit: texts, log }: AllAuditTexts): Filter[] {
  return [
    {
      id: "act",
      label: texts.act,
      value: search.act,
      options: acts.map((value) => ({ value, label: texts.acts[value] })),
      onChange: (value) => change({ act: acts.find((act) => act === value), sel: undefined }),
    },
    {
      id: "span",
      label: log.span,
      value: search.span,
      options: spans.map((value) => ({ value, label: log.spans[value] })),
      onChange: (value) => change({ span: spans.find((span) => span === value), sel: undefined }),
    },
  ];
}

/** What narrows the list now, in words, each with a way to clear it. */
export function setFilters(search: AuditSearch, change: Change, messages: AllAuditTexts): SetFilter[] {
  const { audit: texts } = messages;
  const set = choices(search, change, messages)
    .filter((filter) => filter.value !== undefined)
    .map((filter) => ({
      id: filter.id,
      label: `${filter.label}: ${filter.options.find((option) => option.value === filter.value)?.label ?? filter.value}`,
      onClear: () => filter.onChange(undefined),
    }));
  if (search.subject)
    set.push({ id: "subject", label: texts.oneSubject, onClear: () => change({ subject: undefined }) });
  if (search.actor) set.push({ id: "actor", label: texts.oneActor, onClear: () => change({ actor: undefined }) });
  return set;
}
