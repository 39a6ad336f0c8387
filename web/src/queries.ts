/** The one query client: how long answers hold, and what is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { failureOf } from "./api/failure";

/** Answers of a service that is away or starting; anything else would only be refused again. */
const passing = new Set([0, 502, 503, 504]);

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (times, error) => times < 1 && passing.has(failureOf(error).status),
        retryDelay: 700,
      },
    },
  });
