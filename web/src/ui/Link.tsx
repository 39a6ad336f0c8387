import type { ReactNode } from "react";
import { Link as AriaLink } from "react-aria-components";
import "./Link.css";

/** A link inside text or a cell. */
export function Link({ href, children, className }: { href: string; children: ReactNode; className?: string }) {
  return (
    <AriaLink href={href} className={className ? `link ${className}` : "link"}>
      {children}
    </AriaLink>
  );
}
