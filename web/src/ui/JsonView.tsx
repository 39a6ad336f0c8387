import { CodeView } from "./CodeView";

/** A JSON document as it stands. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return <CodeView text={JSON.stringify(value, null, 2)} label={label} />;
}
