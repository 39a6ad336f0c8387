/** The one query client: how long answers hold, and what is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { askAgain } from "./api/failure";

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: askAgain,
        retryDelay: 700,
      },
    },
  });
