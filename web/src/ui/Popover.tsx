import type { ReactNode, RefObject } from "react";
import { Popover as AriaPopover, Dialog } from "react-aria-components";
import "./Popover.css";

/** A small floating panel at the button that opened it. */
export function PopoverPanel({
  trigger,
  label,
  isOpen,
  onOpenChange,
  children,
}: {
  trigger: RefObject<HTMLElement | null>;
  label: string;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <AriaPopover
      triggerRef={trigger}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      className="popover"
      placement="bottom start"
      offset={6}
      containerPadding={8}
    >
      <Dialog aria-label={label} className="popover-body">
        {children}
      </Dialog>
    </AriaPopover>
  );
}
