import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { TimelineMessages, useTimelineMessages } from "../messages/timeline";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { addressOf } from "./ask";

type PaletteProps = { tenant: string; onClose: () => void };

/** Asks for a name or an id from anywhere in a tenant, and goes to what it means. */
export default function Palette(props: PaletteProps) {
  return (
    <TimelineMessages.Load>
      <Find {...props} />
    </TimelineMessages.Load>
  );
}

function Find({ tenant, onClose }: PaletteProps) {
  const { palette: texts, who } = useTimelineMessages();
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  return (
    <Dialog title={texts.title} isOpen onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === "") return;
          onClose();
          void navigate({ href: addressOf(tenant, typed) });
        }}
      >
        <Field label={who.field} description={texts.hint} value={typed} onChange={setTyped} autoFocus />
        <DialogActions>
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button type="submit" variant="primary">
            {who.find}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
