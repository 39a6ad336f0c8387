import { type RefObject, useRef } from "react";
import { useShortcuts } from "../ui/shortcuts";

/** `/` goes to the search of the list. */
export function useListKeys(): RefObject<HTMLInputElement | null> {
  const search = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => search.current?.focus() });
  return search;
}
