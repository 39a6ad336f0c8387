import type { RefObject } from "react";
import { Menu as AriaMenu, MenuItem, Popover } from "react-aria-components";
import { Icon } from "./Icon";
import type { MenuEntry } from "./MenuButton";
import "./Popover.css";

/** The list of actions that a `MenuButton` opens. */
export default function MenuPanel({
  trigger,
  label,
  entries,
  placement,
  onOpenChange,
}: {
  trigger: RefObject<HTMLElement | null>;
  label: string;
  entries: MenuEntry[];
  placement: "bottom end" | "top start";
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Popover
      aria-label={label}
      triggerRef={trigger}
      isOpen
      onOpenChange={onOpenChange}
      className="popover"
      placement={placement}
      offset={6}
      containerPadding={8}
    >
      <AriaMenu className="menu" aria-label={label} autoFocus="first" onClose={() => onOpenChange(false)}>
        {entries.map((entry) => (
          <MenuItem
            key={entry.id}
            id={entry.id}
            textValue={entry.label}
            className="menu-item"
            data-tone={entry.danger ? "danger" : undefined}
            {...("href" in entry ? { href: entry.href } : { onAction: entry.onAction })}
          >
            {entry.icon && <Icon of={entry.icon} />}
            {entry.label}
          </MenuItem>
        ))}
      </AriaMenu>
    </Popover>
  );
}
