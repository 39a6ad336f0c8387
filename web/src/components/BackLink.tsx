import { ChevronLeft } from "lucide-react";
import { Link as AriaLink } from "react-aria-components";
import { Icon } from "../ui/Icon";

/** The way up from one object to its list. */
export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <AriaLink href={href} className="back-link">
      <Icon of={ChevronLeft} />
      {children}
    </AriaLink>
  );
}
