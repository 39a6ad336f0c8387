import type { SetFilter } from "../../components/ListBody";
import type { Messages } from "../../messages";
import type { FeedTexts } from "../../messages/feed.en";
import { type ChangesSearch, changeTypes, resourceTypes } from "../../routes";
import type { Filter } from "../../ui/FilterBar";

type Change = (part: { [K in keyof ChangesSearch]?: ChangesSearch[K] | undefined }) => void;
type Texts = Messages & FeedTexts;

/** The filters with choices of their own. Types stand as programs see them. */
export function choices(search: ChangesSearch, change: Change, { feed: texts, log }: Texts): Filter[] {
  return [
    {
      id: "type",
      label: texts.type,
      value: search.type,
      options: changeTypes.map((value) => ({ value, label: value })),
      onChange: (value) => change({ type: changeTypes.find((type) => type === value), sel: undefined }),
    },
    {
      id: "of",
      label: texts.of,
      value: search.of,
      options: resourceTypes.map((value) => ({ value, label: log.types[value] })),
      onChange: (value) => change({ of: resourceTypes.find((type) => type === value), sel: undefined }),
    },
  ];
}

/** What narrows the list now, in words, each with a way to clear it. */
export function setFilters(search: ChangesSearch, change: Change, messages: Texts): SetFilter[] {
  const set = choices(search, change, messages)
    .filter((filter) => filter.value !== undefined)
    .map((filter) => ({
      id: filter.id,
      label: `${filter.label}: ${filter.options.find((option) => option.value === filter.value)?.label ?? filter.value}`,
      onClear: () => filter.onChange(undefined),
    }));
  if (search.resource) {
    const onClear = () => change({ resource: undefined, sel: undefined });
    set.push({ id: "resource", label: messages.feed.oneResource, onClear });
  }
  return set;
}
