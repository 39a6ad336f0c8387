/** The head of a page: its one `h1`, what belongs to it, its actions. Moves the focus there after a change of page. */
import { type ReactNode, useEffect, useRef } from "react";
import { useMessages } from "../messages";
import "./PageHeader.css";

let firstPage = true;

export function PageHeader({
  title,
  trail = [],
  lead,
  before,
  actions,
}: {
  title: string;
  /** What follows the title in the window's title, from near to far (screen, tenant). */
  trail?: (string | undefined)[];
  lead?: ReactNode;
  /** Where one comes from, above the title. */
  before?: ReactNode;
  actions?: ReactNode;
}) {
  const messages = useMessages();
  const heading = useRef<HTMLHeadingElement>(null);
  const windowTitle = [title, ...trail, messages.product]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
  useEffect(() => {
    document.title = windowTitle;
  }, [windowTitle]);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return (
    <header className="page-header">
      {before}
      <div className="page-header-row">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions && <div className="page-header-actions">{actions}</div>}
      </div>
      {lead && <div className="page-header-lead">{lead}</div>}
    </header>
  );
}
