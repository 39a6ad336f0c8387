import { OnceDialog } from "../../components/OnceDialog";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Chip";
import { CopyField } from "../../ui/Copy";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Time } from "../../ui/Time";

/** A link that was just made for somebody: what became of it. */
export type MadeLink = {
  title: string;
  email: string;
  /** In clear, where it did not leave by mail. */
  link?: string | undefined;
  /** Why the mail did not leave. */
  mailFailure?: string | undefined;
  expiresAt: string;
};

/** Says that a link left by mail; shows it, this one time, where it did not. */
export function LinkDialog({ made, onClose }: { made: MadeLink | undefined; onClose: () => void }) {
  const { link: texts } = usePeopleMessages();
  if (made?.link === undefined) {
    return (
      <Dialog title={made?.title ?? ""} isOpen={made !== undefined} onClose={onClose}>
        {made && (
          <>
            <p>{texts.mailed(made.email)}</p>
            <Until at={made.expiresAt} />
            <DialogActions>
              <Button variant="primary" onPress={onClose}>
                {texts.done}
              </Button>
            </DialogActions>
          </>
        )}
      </Dialog>
    );
  }
  const { title, link, mailFailure, expiresAt } = made;
  return (
    <OnceDialog title={title} texts={texts} isOpen onClose={onClose}>
      {mailFailure === undefined ? (
        <p className="muted">{texts.give}</p>
      ) : (
        <Notice tone="warn">
          <p>{texts.mailFailed}</p>
          <p className="small">
            {texts.mailReason} <code>{mailFailure}</code>
          </p>
        </Notice>
      )}
      <CopyField label={texts.label} value={link} secret />
      <Until at={expiresAt} />
    </OnceDialog>
  );
}

function Until({ at }: { at: string }) {
  const { link: texts } = usePeopleMessages();
  return (
    <p className="small quiet">
      {texts.expires} <Time at={at} past={false} />
    </p>
  );
}
