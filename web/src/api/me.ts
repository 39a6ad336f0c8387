/** What concerns oneself: name, password, sessions. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { OwnSession } from "./types";

export const changeMe = (body: { name: string }): Promise<unknown> => answer(client.PATCH("/me", { body }));

/** Ends all other sessions. Rejects with `sign_in_failed` when the current password is not the right one. */
export const changeMyPassword = (body: { current?: string; new: string }): Promise<unknown> =>
  answer(client.POST("/me/password", { body }));

export const mySessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async ({ signal }): Promise<OwnSession[]> => (await answer(client.GET("/me/sessions", { signal }))).items,
  refetchInterval: 30_000,
});

export const endMySession = (session: string): Promise<unknown> =>
  answer(client.DELETE("/me/sessions/{session}", { params: { path: { session } } }));

export const endMyOtherSessions = (): Promise<unknown> => answer(client.DELETE("/me/sessions"));
