/** Whether the service answers at all; the frame shows a banner while it does not. */
import { createStore } from "../store";

const store = createStore<{ since: number | undefined }>({ since: undefined });

export const reachability = {
  subscribe: store.subscribe,
  /** When the service stopped answering, as epoch milliseconds; nothing while it answers. */
  since: () => store.get().since,
  answered() {
    if (store.get().since !== undefined) store.set({ since: undefined });
  },
  failed() {
    if (store.get().since === undefined) store.set({ since: Date.now() });
  },
};
