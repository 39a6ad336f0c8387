import { useMessages } from "../messages";

/** How many rows there are, and the keys that move between them. */
export function ListFoot({
  loaded,
  more,
  total,
  what,
}: {
  loaded: number;
  more: boolean;
  total?: number | undefined;
  what: string;
}) {
  const { states } = useMessages();
  return (
    <>
      <span>{total === undefined ? states.loaded(loaded, more) : states.total(total, what)}</span>
      <span className="hint-keys" aria-hidden="true">
        <kbd>J</kbd> <kbd>K</kbd> {states.keysMove} <kbd>Enter</kbd> {states.keysOpen}
      </span>
    </>
  );
}
