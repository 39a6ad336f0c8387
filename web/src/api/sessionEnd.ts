/** Whether the person has to sign in again over an open page, and the word between windows that someone signed out. */
import { createStore } from "../store";

/** Why: the session has ended, or is too old for what was asked. */
export type Why = "ended" | "stale";

const ended = createStore<Why | undefined>(undefined);
let signedIn = false;

export const sessionEnd = {
  subscribe: ended.subscribe,
  get: ended.get,
  /** Somebody is signed in from now on, so that a refused call means a lost session. */
  begin() {
    signedIn = true;
    if (ended.get()) ended.set(undefined);
  },
  /** Nobody is signed in any more, by their own will. */
  leave() {
    signedIn = false;
    if (ended.get()) ended.set(undefined);
  },
  /** A call was refused for want of a session, or the reader wants a new one: ask over the page. */
  ask(why: Why = "ended") {
    if (signedIn && !ended.get()) ended.set(why);
  },
  /** The reader does without what would need a new sign-in. */
  decline() {
    if (ended.get() === "stale") ended.set(undefined);
  },
};

const CHANNEL = "directory-sync.session";

/** Tells the other windows of this browser that the person signed out. */
export function announceSignOut() {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-out");
  channel.close();
}

/** Calls back when another window signs out; gives the way to stop listening. */
export function onSignOutElsewhere(act: () => void): () => void {
  if (typeof BroadcastChannel === "undefined") return () => undefined;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = act;
  return () => channel.close();
}
