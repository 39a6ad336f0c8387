import { useMessages } from "../messages";
import { ErrorBox } from "../ui/Feedback";

/** A page that could not be drawn, in most cases because a newer console is being served. */
export function Crash() {
  const { states } = useMessages();
  return <ErrorBox title={states.crashed} detail={states.crashedWhy} onRetry={() => window.location.reload()} />;
}
