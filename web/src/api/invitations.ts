/** What links from outside lead to: accepting an invitation, choosing another password. */
import { answer, client } from "./client";
import type { OpenInvitation, Session } from "./types";

/** Rejects with `code_unknown` when the code has been used, has expired, was taken back or never existed. */
export const checkInvitation = (code: string): Promise<OpenInvitation> =>
  answer(client.POST("/invitations/check", { body: { code } }));

/** Accepts as somebody new, and signs them in. */
export const acceptInvitation = (body: { code: string; name: string; password: string }): Promise<Session> =>
  answer(client.POST("/invitations/accept", { body }));

/** Accepts as the person who is signed in. */
export const joinByInvitation = (code: string): Promise<Session> =>
  answer(client.POST("/invitations/join", { body: { code } }));

/** Asks for a link by mail. Never tells whether there is such a person. */
export const requestPasswordReset = (email: string): Promise<unknown> =>
  answer(client.POST("/password-resets", { body: { email } }));

/** Rejects with `code_unknown` when the link cannot be used any more. */
export const checkPasswordReset = (code: string): Promise<unknown> =>
  answer(client.POST("/password-resets/check", { body: { code } }));

export const choosePasswordByLink = (body: { code: string; password: string }): Promise<unknown> =>
  answer(client.POST("/password-resets/use", { body }));
