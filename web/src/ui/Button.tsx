/** Buttons, and links that look like them. */
import type { LucideIcon } from "lucide-react";
import { LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Link as AriaLink } from "react-aria-components";
import "./Button.css";
import { Icon } from "./Icon";
import { Tooltip } from "./Tooltip";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

type ButtonProps = Omit<AriaButtonProps, "className" | "children" | "style"> & {
  variant?: ButtonVariant;
  icon?: LucideIcon;
  children: ReactNode;
};

/** A button with a word on it. While pending it keeps its place and its focus; what it does guards against twice. */
export function Button({ variant = "secondary", icon, children, isPending, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className="button" data-variant={variant} data-busy={isPending ? "" : undefined}>
      {isPending ? <Icon of={LoaderCircle} spin /> : icon && <Icon of={icon} />}
      <span className="button-text">{children}</span>
    </AriaButton>
  );
}

type IconButtonProps = Omit<AriaButtonProps, "className" | "children" | "style" | "aria-label"> & {
  /** The name for screen readers and the tooltip. */
  label: string;
  icon: LucideIcon;
};

/** For the few places where a picture alone may stand: close, copy, menu. */
export function IconButton({ label, icon, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <AriaButton {...rest} aria-label={label} className="button button-icon" data-variant="quiet">
        <Icon of={icon} />
      </AriaButton>
    </Tooltip>
  );
}

/** A link to another address that weighs as much as a button. */
export function ButtonLink({
  href,
  variant = "secondary",
  icon,
  children,
}: {
  href: string;
  variant?: ButtonVariant;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  return (
    <AriaLink href={href} className="button" data-variant={variant}>
      {icon && <Icon of={icon} />}
      <span className="button-text">{children}</span>
    </AriaLink>
  );
}
