/** What a guide has seen, kept fresh by a stream, or by asking while there is none. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLiveStream } from "../../api/live";
import { checksQuery, type GuideSource } from "../../api/setup";
import { setTold } from "../../api/told";

const POLL = 10_000;

export function useChecks(source: GuideSource, since: string | undefined) {
  const queries = useQueryClient();
  const options = checksQuery(source, since);
  const live = useLiveStream(source.stream(since), (message) => setTold(queries, options.queryKey, message));
  const query = useQuery({ ...options, refetchInterval: live ? false : POLL });
  return { query, live };
}
