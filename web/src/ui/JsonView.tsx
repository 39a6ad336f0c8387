import { useMessages } from "../messages";
import { CopyButton } from "./Copy";
import "./Code.css";

/** A JSON document as it stands, in its own frame, with a copy button. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const messages = useMessages();
  const text = JSON.stringify(value, null, 2);
  return (
    <figure className="code" aria-label={label}>
      <div className="code-actions">
        <CopyButton value={text} what={label} word={messages.copy.copy} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
