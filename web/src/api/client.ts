/** The one HTTP client of the console: adds the header that changing calls need and turns every refusal into a `Failure`. */
import createClient from "openapi-fetch";
import { Failure } from "./failure";
import type { paths } from "./generated";
import { reachability } from "./reachability";
import { sessionEnd } from "./sessionEnd";

export const client = createClient<paths>({
  baseUrl: `${window.location.origin}/api/v1`,
  credentials: "same-origin",
  // Looked up at call time, or test doubles put in place later never see a call.
  fetch: async (request) => {
    try {
      const response = await globalThis.fetch(request);
      reachability.answered();
      return response;
    } catch (error) {
      if (request.signal.aborted) throw error;
      reachability.failed();
      throw new Failure({ status: 0, code: "unreachable" });
    }
  },
});

client.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set("x-directory-sync", "console");
    return request;
  },
});

/** What openapi-fetch resolves to, as far as we read it. */
type Result<T> = { data?: T; error?: unknown; response: Response };

/** The body of an accepted call; throws a `Failure` for every other answer. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const failure = Failure.of(response, error);
  if (failure.signedOut) sessionEnd.ask();
  if (failure.code === "sign_in_again") sessionEnd.ask("stale");
  throw failure;
}
