import { useEffect, useState } from "react";

/** The one-time code of a link that was opened. `turn` tells one link from the next that is opened in the same window. */
export type LinkCode = { code: string; turn: number };

/** Taken out of the address at once, so that the code is in no history and in no copied address. */
function take(): string {
  const given = window.location.hash.slice(1);
  if (given !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  return given;
}

/** The code in the fragment of the address, which no log or proxy sees; empty without one. */
export function useLinkCode(): LinkCode {
  const [link, setLink] = useState<LinkCode>(() => ({ code: take(), turn: 0 }));
  useEffect(() => {
    const onHashChange = () => {
      const code = take();
      if (code !== "") setLink(({ turn }) => ({ code, turn: turn + 1 }));
    };
    window.addEventListener("hashchange", onHashChange);
    return () => window.removeEventListener("hashchange", onHashChange);
  }, []);
  return link;
}
