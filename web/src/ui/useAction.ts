import { useRef, useState } from "react";

/**
 * Runs one act at a time and remembers whether it is under way and what became of it. Deliberately not a cached
 * mutation: answers may hold a token that must not outlive its dialog.
 */
export function useAction<Arguments extends unknown[], Result>(
  act: (...given: Arguments) => Promise<Result>,
): {
  run: (...given: Arguments) => Promise<Result | undefined>;
  pending: boolean;
  error: unknown;
  clear: () => void;
} {
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: undefined });
  const busy = useRef(false);
  const run = async (...given: Arguments) => {
    if (busy.current) return undefined;
    busy.current = true;
    setState({ pending: true, error: undefined });
    try {
      const result = await act(...given);
      setState({ pending: false, error: undefined });
      return result;
    } catch (error) {
      setState({ pending: false, error });
      return undefined;
    } finally {
      busy.current = false;
    }
  };
  return { run, ...state, clear: () => setState({ pending: false, error: undefined }) };
}
