/** Who is signed in. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Session, SignInOptions } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }): Promise<Session> => answer(client.GET("/session", { signal })),
  staleTime: 60_000,
});

/**
 * `code` is of the person's authenticator app, or a recovery code. Rejects with `code_needed` where the password alone
 * does not do, with `code_wrong` for one that is not good.
 */
export const signIn = (body: { email: string; password: string; code?: string }): Promise<Session> =>
  answer(client.POST("/session", { body }));

/** How people can sign in here. */
export const signInOptionsQuery = queryOptions({
  queryKey: ["signInOptions"],
  queryFn: ({ signal }): Promise<SignInOptions> => answer(client.GET("/sign-in-options", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

export const signOut = (): Promise<unknown> => answer(client.DELETE("/session"));

/** Makes the first operator from a one-time code and signs them in. */
export const becomeOperator = (body: {
  code: string;
  email: string;
  name: string;
  password: string;
}): Promise<Session> => answer(client.POST("/welcome", { body }));

/** Rejects with `code_unknown` when the code has been used, has expired or never existed. */
export const checkWelcome = (code: string): Promise<unknown> =>
  answer(client.POST("/welcome/check", { body: { code } }));
