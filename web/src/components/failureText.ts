/** From a failed call to words. The one place where the API's problem codes meet the message modules. */
import { failureOf } from "../api/failure";
import type { Messages } from "../messages";

export type FailureText = {
  title: string;
  detail: string | undefined;
  requestId: string | undefined;
  /** What is wrong with which field of a form. */
  fields: Record<string, string>;
};

export function failureText(messages: Messages, error: unknown): FailureText {
  const failure = failureOf(error);
  const { codes, ofStatus } = messages.failures;
  const known = Object.hasOwn(codes, failure.code) ? codes[failure.code as keyof typeof codes] : undefined;
  const title = known?.({ retryAfter: failure.retryAfter }) ?? ofStatus(failure.status);
  return {
    title,
    // Our own sentence says all there is to say; only an unknown refusal needs the service's words.
    detail: known === undefined && failure.status < 500 ? failure.detail : undefined,
    requestId: failure.requestId,
    fields: Object.fromEntries(
      failure.fields.map(({ field, message }) => [field, messages.failures.field(field, message)]),
    ),
  };
}
