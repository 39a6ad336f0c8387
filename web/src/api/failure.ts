/** A call that did not succeed, in one shape whatever went wrong. Texts for people stand in the message modules. */

export type FieldError = { field: string; message: string };

type Parts = {
  status: number;
  code: string;
  detail?: string;
  requestId?: string;
  fields?: FieldError[];
  retryAfter?: number;
};

/** Refusals of a sign-in itself, which say nothing about a session. */
const signInCodes = new Set(["sign_in_failed", "code_needed", "code_wrong"]);

export class Failure extends Error {
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** The API's problem code, `unreachable` without an answer, `unexpected` when the answer was not a problem document. */
  readonly code: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(parts: Parts) {
    super(parts.detail ?? parts.code);
    this.name = "Failure";
    this.status = parts.status;
    this.code = parts.code;
    this.detail = parts.detail;
    this.requestId = parts.requestId;
    this.fields = parts.fields ?? [];
    this.retryAfter = parts.retryAfter;
  }

  /** Reads a problem document (RFC 9457), tolerating anything else a proxy may have put in its place. */
  static of(response: Response, body: unknown): Failure {
    const problem = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
    const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    return new Failure({
      status: response.status,
      code: text(problem.code) ?? "unexpected",
      detail: text(problem.detail),
      requestId: text(problem.requestId) ?? response.headers.get("x-request-id") ?? undefined,
      fields: Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : [],
      retryAfter: Number.isFinite(wait) && wait >= 0 ? wait : undefined,
    });
  }

  /** Nothing to see here: missing, or out of this person's reach. The two must look the same. */
  get hidden(): boolean {
    const told = this.code === "missing_header" || this.code === "sign_in_again";
    return this.status === 404 || (this.status === 403 && !told);
  }

  get signedOut(): boolean {
    return this.status === 401 && !signInCodes.has(this.code);
  }
}

/** Any thrown value as a `Failure`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure({ status: 0, code: "unexpected", detail: error instanceof Error ? error.message : undefined });
}

function isFieldError(value: unknown): value is FieldError {
  const entry = value as FieldError | null;
  return typeof entry === "object" && typeof entry?.field === "string" && typeof entry.message === "string";
}

/** Answers of a service that is away or starting; anything else would only be refused again. */
const passing = new Set([0, 502, 503, 504]);

/** Whether a question that failed so many times before is asked again. */
export const askAgain = (times: number, error: unknown): boolean => times < 1 && passing.has(failureOf(error).status);
