/** Texts that only some pages need: they are loaded with these pages and not before the first one. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { type Language, type Messages, useMessages } from ".";

export type Part<T> = {
  /** Loads the texts in the reader's language and draws what is inside once they are there. */
  Load: (props: { children: ReactNode }) => ReactNode;
  /** Gives the texts without loading, for whoever has them. */
  Provide: (props: { value: T; children: ReactNode }) => ReactNode;
  /** All texts, those of the part among them; only inside of `Load` or `Provide`. */
  use: () => Messages & T;
};

/** Makes a part of the texts from its modules, one per language. */
export function part<T extends object>(modules: Record<Language, () => Promise<T>>): Part<T> {
  const Context = createContext<(Messages & T) | undefined>(undefined);
  const loaded = new Map<Language, T>();

  function Provide({ value, children }: { value: T; children: ReactNode }) {
    const messages = useMessages();
    const all = useMemo(() => ({ ...messages, ...value }), [messages, value]);
    return <Context value={all}>{children}</Context>;
  }

  function Load({ children }: { children: ReactNode }) {
    const { language } = useMessages();
    const [texts, setTexts] = useState(() => loaded.get(language));
    const [failure, setFailure] = useState<unknown>();
    useEffect(() => {
      let left = false;
      modules[language]().then(
        (module) => {
          loaded.set(language, module);
          if (!left) setTexts(module);
        },
        (error) => {
          if (!left) setFailure(error);
        },
      );
      return () => {
        left = true;
      };
    }, [language]);
    // As any other piece of a page that cannot be fetched: the page says so and offers to load again.
    if (failure !== undefined) throw failure;
    return texts && <Provide value={texts}>{children}</Provide>;
  }

  return {
    Load,
    Provide,
    use: () => {
      const all = use(Context);
      if (all === undefined) throw new Error("these texts are not loaded above this component");
      return all;
    },
  };
}
