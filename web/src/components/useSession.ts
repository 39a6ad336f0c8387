import { useQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import { sessionQuery } from "../api/session";
import type { Session } from "../api/types";

const SessionContext = createContext<Session | undefined>(undefined);

export const SessionProvider = SessionContext.Provider;

/** Who is signed in; only below the frame, where somebody is. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error("no session above this component");
  return session;
}

export const useSessionQuery = () => useQuery({ ...sessionQuery, retry: false });
