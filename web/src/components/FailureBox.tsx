import { useMessages } from "../messages";
import { ErrorBox } from "../ui/Feedback";
import { failureText } from "./failureText";

/** A failed call in the page or in a form. */
export function FailureBox({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { title, detail, requestId } = failureText(useMessages(), error);
  return <ErrorBox title={title} detail={detail} requestId={requestId} {...(onRetry ? { onRetry } : {})} />;
}
