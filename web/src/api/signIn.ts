/** How oneself signs in: second factor and passkeys; and signing in with a passkey. */
import { queryOptions } from "@tanstack/react-query";
import type { CreationOptions, PasskeyResponse, RequestOptions } from "../passkeys";
import { answer, client } from "./client";
import type { Session } from "./types";

/** How one signs in. */
export type SignInState = {
  hasPassword: boolean;
  /** Since when a code is asked for; absent while none is. */
  totpSince?: string;
  recoveryCodesLeft: number;
  passkeys: Passkey[];
  /** Whether the company's sign-in is linked. */
  provider: boolean;
};

export type Passkey = { id: string; name: string; createdAt: string; lastUsedAt?: string };

/** What an authenticator app is set up with; in clear, this one time: keep it out of caches and storage. */
export type TotpOrder = { secret: string; uri: string /** A picture as a `data:` address. */; qr: string };

type Given<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

/** Calls what not every service has yet, so that the generated types need not know it. */
const call = <T>(method: string, path: string, body?: object): Promise<T> => {
  const request = client.request as unknown as (method: string, path: string, init: object) => Given<T>;
  return answer(request(method, path, body ? { body } : {}));
};

export const signInStateQuery = queryOptions({
  queryKey: ["me", "signIn"],
  queryFn: (): Promise<SignInState> => call("get", "/me/sign-in"),
  // A service that does not know second factors yet says so once.
  retry: false,
});

export const beginTotp = (): Promise<TotpOrder> => call("post", "/me/totp");

/** Rejects with `code_wrong`. The answer holds the recovery codes in clear, this one time. */
export const confirmTotp = (code: string): Promise<{ recoveryCodes: string[] }> =>
  call("post", "/me/totp/confirm", { code });

export const disableTotp = (): Promise<unknown> => call("delete", "/me/totp");

/** The codes before are good no longer. */
export const makeRecoveryCodes = (): Promise<{ recoveryCodes: string[] }> => call("post", "/me/recovery-codes");

export const beginPasskey = (): Promise<{ ceremony: string; options: CreationOptions }> =>
  call("post", "/me/passkeys/begin");

export const addPasskey = (body: { ceremony: string; name: string; response: PasskeyResponse }): Promise<unknown> =>
  call("post", "/me/passkeys", body);

export const removePasskey = (passkey: string): Promise<unknown> =>
  call("delete", `/me/passkeys/${encodeURIComponent(passkey)}`);

export const beginPasskeySignIn = (): Promise<{ ceremony: string; options: RequestOptions }> =>
  call("post", "/session/passkey/begin");

export const signInWithPasskey = (body: { ceremony: string; response: PasskeyResponse }): Promise<Session> =>
  call("post", "/session/passkey", body);

/** Takes codes and passkeys from somebody who has lost theirs. */
export const removeSecondFactor = (person: string): Promise<unknown> =>
  call("delete", `/people/${encodeURIComponent(person)}/second-factor`);
