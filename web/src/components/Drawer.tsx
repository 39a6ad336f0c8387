import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";
import { useMessages } from "../messages";
import { IconButton } from "../ui/Button";
import "../ui/Dialog.css";

/** The menu of narrow windows, over the page. */
export default function Drawer({
  isOpen,
  onOpenChange,
  children,
}: {
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}) {
  const { frame } = useMessages();
  return (
    <ModalOverlay className="drawer-scrim" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="drawer">
        <AriaDialog aria-label={frame.menu} className="drawer-body">
          <div className="drawer-close">
            <IconButton label={frame.closeMenu} icon={X} onPress={() => onOpenChange(false)} />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
