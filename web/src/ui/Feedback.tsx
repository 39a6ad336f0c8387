/** What stands in the place of data: nothing yet, nothing found, an error. */
import type { LucideIcon } from "lucide-react";
import { CircleX, RotateCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useMessages } from "../messages";
import { Button } from "./Button";
import { CopyButton } from "./Copy";
import "./Feedback.css";
import { Icon } from "./Icon";

/** Says what will be here, why it is not yet, and the next step. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon of={icon} size={20} />
      </span>
      <h2 className="empty-title">{title}</h2>
      {children && <div className="empty-text">{children}</div>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** What failed, in words, with the request's id and a way to try again, which shows that it is trying. */
export function ErrorBox({
  title,
  detail,
  requestId,
  onRetry,
}: {
  title: string;
  detail?: string | undefined;
  requestId?: string | undefined;
  onRetry?: () => unknown;
}) {
  const messages = useMessages();
  const [trying, setTrying] = useState(false);
  const retry = async () => {
    if (trying) return;
    setTrying(true);
    await onRetry?.();
    setTrying(false);
  };
  return (
    <div className="error-box" role="alert">
      <Icon of={CircleX} />
      <div className="error-box-text">
        <strong>{title}</strong>
        {detail && <p>{detail}</p>}
        {requestId && (
          <p className="error-box-request small">
            {messages.states.requestId} <code>{requestId}</code>
            <CopyButton value={requestId} what={messages.states.requestId} />
          </p>
        )}
      </div>
      {onRetry && (
        <Button icon={RotateCw} onPress={() => void retry()} isPending={trying}>
          {messages.states.retry}
        </Button>
      )}
    </div>
  );
}
