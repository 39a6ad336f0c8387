import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { printSearch } from "../routes";

/**
 * List state that lives in the address. Reading drops what it does not know; every change is a step that Back undoes,
 * unless it replaces (typing on, moving a selection).
 */
export function useSearchState<T extends object>(
  read: (raw: Record<string, unknown>) => T,
): [T, (part: { [K in keyof T]?: T[K] | undefined }, options?: { replace?: boolean }) => void] {
  const { raw, path } = useRouterState({
    select: (state) => ({ raw: state.location.searchStr, path: state.location.pathname }),
    structuralSharing: true,
  });
  const navigate = useNavigate();
  const search = useMemo(() => read(Object.fromEntries(new URLSearchParams(raw))), [raw, read]);
  const change = useCallback(
    (part: { [K in keyof T]?: T[K] | undefined }, options?: { replace?: boolean }) => {
      const next = read(withoutAbsent({ ...search, ...part }));
      void navigate({ href: path + printSearch(next), replace: options?.replace ?? false });
    },
    [search, path, navigate, read],
  );
  return [search, change];
}

function withoutAbsent(search: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ""));
}
