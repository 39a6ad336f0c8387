/** Taking values to the clipboard. The value stays selectable, for browsers that refuse. */
import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useMessages } from "../messages";
import "./Copy.css";
import { Icon } from "./Icon";
import { Tooltip } from "./Tooltip";

const SHOWN = 1_500;

/** Copies and says so for a moment; `copied` is undefined before the first try, false when the browser refused. */
export function useCopy(): { copied: boolean | undefined; copy: (value: string) => Promise<boolean> } {
  const [copied, setCopied] = useState<boolean>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (value: string) => {
    let done = true;
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      done = false;
    }
    setCopied(done);
    clearTimeout(timer.current);
    if (done) timer.current = setTimeout(() => setCopied(undefined), SHOWN);
    return done;
  };
  return { copied, copy };
}

/** A small copy button; `what` names the value ("SCIM URL"). */
export function CopyButton({ value, what, word }: { value: string; what: string; word?: string }) {
  const messages = useMessages();
  const { copied, copy } = useCopy();
  const label = messages.copy.action(what);
  const button = (
    <AriaButton
      className={word ? "button" : "button button-icon"}
      data-variant={word ? "secondary" : "quiet"}
      aria-label={word ? undefined : label}
      onPress={() => void copy(value)}
    >
      <Icon of={copied ? Check : Copy} />
      {word && <span className="button-text">{copied ? messages.copy.done : word}</span>}
    </AriaButton>
  );
  return (
    <span className="copy">
      {word ? button : <Tooltip text={label}>{button}</Tooltip>}
      <span role="status" className={copied === undefined || word ? "visually-hidden" : "copy-said"}>
        {copied === true && messages.copy.done}
        {copied === false && messages.copy.refused}
      </span>
    </span>
  );
}

/** A value in a frame with its copy button; a press on the value selects it whole. */
export function CopyField({ label, value, secret }: { label: string; value: string; secret?: boolean }) {
  const messages = useMessages();
  const { copied, copy } = useCopy();
  const shown = useRef<HTMLInputElement>(null);
  const act = async () => {
    if (!(await copy(value))) shown.current?.select();
  };
  return (
    <div className="field">
      <label className="field-label copy-field-label">
        {label}
        <span className="copy-field" data-secret={secret ? "" : undefined}>
          <input
            ref={shown}
            className="copy-field-value mono"
            readOnly
            value={value}
            autoComplete="off"
            spellCheck={false}
            onFocus={(event) => event.currentTarget.select()}
          />
        </span>
      </label>
      <span className="copy-field-action">
        <AriaButton
          className="button"
          data-variant="secondary"
          onPress={() => void act()}
          aria-label={messages.copy.action(label)}
        >
          <Icon of={copied ? Check : Copy} />
          <span className="button-text">{copied ? messages.copy.done : messages.copy.copy}</span>
        </AriaButton>
      </span>
      <span role="status" className={copied === false ? "field-error" : "visually-hidden"}>
        {copied === true && messages.copy.done}
        {copied === false && messages.copy.refused}
      </span>
    </div>
  );
}

/** An id, cut in the middle, with its copy button; the whole of it is in the tooltip and in what is copied. */
export function CopyId({ value, what }: { value: string; what: string }) {
  const cut = value.length > 14 ? `${value.slice(0, 8)}…${value.slice(-4)}` : value;
  return (
    <span className="copy-id">
      <code title={value}>{cut}</code>
      <CopyButton value={value} what={what} />
    </span>
  );
}
