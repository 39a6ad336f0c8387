import { Ellipsis, type LucideIcon } from "lucide-react";
import { lazy, type ReactNode, type RefObject, Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import "./Button.css";
import { Icon } from "./Icon";
import { Tooltip } from "./Tooltip";

export type MenuEntry = {
  id: string;
  label: string;
  icon?: LucideIcon;
  danger?: boolean;
} & ({ href: string } | { onAction: () => void });

// The list comes when it is first needed: most visits open no menu.
const panel = () => import("./MenuPanel");
const MenuPanel = lazy(panel);

/** Three dots that open a list of actions. */
export function MenuButton({ label, entries }: { label: string; entries: MenuEntry[] }) {
  return (
    <MenuTrigger label={label} entries={entries} placement="bottom end">
      {(props) => (
        <Tooltip text={label}>
          <AriaButton {...props} aria-label={label} className="button button-icon" data-variant="quiet">
            <Icon of={Ellipsis} />
          </AriaButton>
        </Tooltip>
      )}
    </MenuTrigger>
  );
}

type TriggerProps = {
  ref: RefObject<HTMLButtonElement | null>;
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  onHoverStart: () => void;
  onPress: () => void;
};

/** A menu at any button: `children` draws the button with the properties it is given. */
export function MenuTrigger({
  label,
  entries,
  placement,
  children,
}: {
  label: string;
  entries: MenuEntry[];
  placement: "bottom end" | "top start";
  children: (props: TriggerProps) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      {children({
        ref: button,
        "aria-haspopup": "menu",
        "aria-expanded": open,
        onHoverStart: () => void panel(),
        onPress: () => setOpen(!open),
      })}
      {open && (
        <Suspense>
          <MenuPanel trigger={button} label={label} entries={entries} placement={placement} onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  );
}
