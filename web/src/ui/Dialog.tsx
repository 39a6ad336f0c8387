import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import "./Dialog.css";

/**
 * A dialog over the page. `onClose` runs for `Esc` and a press outside, unless `guarded`: then only the dialog's own
 * buttons close it, and `Esc` calls `onEscape`.
 */
export function Dialog({
  title,
  isOpen,
  onClose,
  guarded,
  onEscape,
  alert,
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  guarded?: boolean;
  onEscape?: () => void;
  alert?: boolean;
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!guarded && !alert}
      isKeyboardDismissDisabled={guarded === true}
    >
      <Modal className="modal">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens for Esc, which a guarded dialog would swallow */}
        <div
          onKeyDown={(event) => {
            if (guarded && event.key === "Escape") onEscape?.();
          }}
        >
          <AriaDialog role={alert ? "alertdialog" : "dialog"} className="dialog">
            <Heading slot="title" level={2} className="dialog-title">
              {title}
            </Heading>
            {children}
          </AriaDialog>
        </div>
      </Modal>
    </ModalOverlay>
  );
}

/** The row of buttons at the end of a dialog; the one that acts stands last. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
