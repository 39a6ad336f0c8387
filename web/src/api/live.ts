/** Live streams of the API: open while the page is seen and the reader wants news, with the word whether one is open. */
import { useEffect, useEffectEvent, useState } from "react";

/** How long after a stream was refused, or ended for good, it is tried again; whoever needs it meanwhile asks by itself. */
const AGAIN = 30_000;

/**
 * Follows the stream at `path` (below `/api/v1`) and hands each message to `onMessage`; nothing is followed without a path
 * or while the page is hidden. A stream that was closed begins anew with a message of its own. Gives whether it is open.
 */
export function useLiveStream(path: string | undefined, onMessage: (message: unknown) => void): boolean {
  const [open, setOpen] = useState(false);
  const hand = useEffectEvent(onMessage);
  useEffect(() => {
    if (path === undefined || typeof EventSource === "undefined") return;
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const close = () => {
      clearTimeout(again);
      source?.close();
      source = undefined;
      setOpen(false);
    };
    const listen = () => {
      close();
      if (document.hidden) return;
      source = new EventSource(`/api/v1${path}`);
      source.onopen = () => setOpen(true);
      source.onmessage = (message) => hand(JSON.parse(String(message.data)));
      source.onerror = () => {
        setOpen(false);
        // The browser comes back by itself after a break, but not after a refusal.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(listen, AGAIN);
      };
    };
    listen();
    document.addEventListener("visibilitychange", listen);
    return () => {
      document.removeEventListener("visibilitychange", listen);
      close();
    };
  }, [path]);
  return open;
}
