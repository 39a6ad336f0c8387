import type { Repair } from "../api/types";
import { useMessages } from "../messages";

/** What was rewritten of what a request sent: what came, and what it was read as. */
export function Repairs({ repairs }: { repairs: Repair[] }) {
  const {
    event: texts,
    diff: { absent },
  } = useMessages();
  return (
    <ul className="repairs">
      {repairs.map((repair, place) => {
        const words = texts.repair(repair.sent || absent, repair.read || absent);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same repair may occur twice in one request
          <li key={place}>
            {repair.attribute && <span className="quiet">{repair.attribute} </span>}
            <code>{words.sent}</code> {words.between} <code>{words.read}</code>
          </li>
        );
      })}
    </ul>
  );
}
