import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { Link as AriaLink } from "react-aria-components";
import { TimelineMessages, useTimelineMessages } from "../messages/timeline";
import { Button } from "../ui/Button";
import { Dialog, DialogActions } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { addressOf } from "./ask";
import { usePlaces } from "./usePlaces";

type PaletteProps = { tenant: string; onClose: () => void };

/** Leads from anywhere in a tenant to what a name or an id means, to its screens and to other tenants. */
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
  const places = usePlaces(tenant, typed);
  const navigate = useNavigate();
  // A key leads away while it is still down, and the link that would be told of its release may be gone by then.
  const place = useRouterState({ select: (state) => state.location.href });
  const [from] = useState(place);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    if (place !== from) close();
  }, [place, from]);
  const form = useRef<HTMLFormElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [...(form.current?.querySelectorAll<HTMLElement>("input, li a") ?? [])];
    const next = stops[stops.indexOf(event.target as HTMLElement) + (step ?? 0)];
    if (step === undefined || next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <Dialog title={texts.title} isOpen onClose={onClose}>
      <form
        ref={form}
        className="stack"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === "") return;
          onClose();
          void navigate({ href: addressOf(tenant, typed) });
        }}
      >
        <Field label={who.field} description={texts.hint} value={typed} onChange={setTyped} autoFocus />
        {places.length > 0 && (
          <ul className="switcher-list" aria-label={texts.places}>
            {places.map(({ href, label, icon, slug }) => (
              <li key={href}>
                <AriaLink href={href} className="switcher-link" onPress={onClose}>
                  <Icon of={icon} />
                  <span className="cell-main">{label}</span>
                  {slug && <code>{slug}</code>}
                </AriaLink>
              </li>
            ))}
          </ul>
        )}
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
