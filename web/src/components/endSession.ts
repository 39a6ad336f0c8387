import { signOut } from "../api/session";
import { announceSignOut, sessionEnd } from "../api/sessionEnd";

/** Ends one's session, here and in the other windows of this browser. What was read with it is the caller's to forget. */
export async function endSession(): Promise<void> {
  await signOut();
  sessionEnd.leave();
  announceSignOut();
}
