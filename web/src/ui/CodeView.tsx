import { useMessages } from "../messages";
import { CopyButton } from "./Copy";
import "./Code.css";

/** Text for machines as it stands, in its own frame, with a copy button. */
export function CodeView({ text, label }: { text: string; label: string }) {
  const { copy } = useMessages();
  return (
    <figure className="code" aria-label={label}>
      <div className="code-actions">
        <CopyButton value={text} what={label} word={copy.copy} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
