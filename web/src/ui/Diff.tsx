import { useMessages } from "../messages";
import "./Code.css";
import { differences } from "./diff";

type Tree = { [name: string]: unknown };

/** Before and after by attribute; only what differs. */
export function Diff({ before, after }: { before?: Tree | undefined; after?: Tree | undefined }) {
  const messages = useMessages();
  const rows = differences(before, after);
  if (rows.length === 0) return <p className="muted">{messages.diff.nothing}</p>;
  return (
    <table className="diff">
      <thead>
        <tr>
          <th scope="col">{messages.diff.attribute}</th>
          {before && <th scope="col">{messages.diff.before}</th>}
          {after && <th scope="col">{messages.diff.after}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.path}>
            <th scope="row">
              <code>{row.path}</code>
            </th>
            {before && <td>{row.before === undefined ? <Absent /> : <del>{row.before}</del>}</td>}
            {after && <td>{row.after === undefined ? <Absent /> : <ins>{row.after}</ins>}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Absent() {
  return <span className="quiet">{useMessages().diff.absent}</span>;
}
