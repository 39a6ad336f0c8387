import { useMessages } from "../../messages";
import { Button } from "../../ui/Button";

/** Fetches the next rows of a list that has more. */
export function MorePeople({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { states } = useMessages();
  if (!query.hasNextPage) return null;
  return (
    <div>
      <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
        {states.more}
      </Button>
    </div>
  );
}
