import type { Idp, Repair, RepairRule } from "../api/types";
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

type RemediesProps = {
  repairs: Repair[];
  /** The IdP that sent it, when we know it. */
  idp: Idp | undefined;
  /** What to do, by rule. */
  remedy: Record<RepairRule, (idp: Idp | undefined) => string>;
};

/** What to do so that they are not needed, each piece of advice once. */
export function Remedies({ repairs, idp, remedy }: RemediesProps) {
  const advice = new Set(repairs.map(({ rule }) => remedy[rule](idp)));
  return (
    <ul className="repairs">
      {[...advice].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
