/** The time of the page, shared by everything that shows one, moved on twice a minute. */
import { useSyncExternalStore } from "react";
import { createStore } from "../store";

const STEP = 30_000;
const store = createStore(Date.now());
let listeners = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void) {
  const stop = store.subscribe(listener);
  listeners += 1;
  timer ??= setInterval(() => store.set(Date.now()), STEP);
  return () => {
    stop();
    listeners -= 1;
    if (listeners === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Now, in epoch milliseconds, at most half a minute old. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, store.get);
}
