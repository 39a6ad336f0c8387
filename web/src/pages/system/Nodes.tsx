import type { System } from "../../api/types";
import { useConditionMessages } from "../../messages/condition";
import { StateText } from "../../ui/Chip";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { Section } from "./Section";

type Node = System["nodes"][number];

/** The processes that serve requests, those that ended without a word among them. */
export function Nodes({ nodes }: { nodes: Node[] }) {
  const { system: names, condition: texts } = useConditionMessages();
  return (
    <Section id="system-nodes" title={texts.nodes} hint={texts.nodesHint}>
      {nodes.length === 0 ? (
        <p className="muted">{texts.noNode}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        <div className="table-frame" tabIndex={0}>
          <table className="table" aria-labelledby="system-nodes">
            <thead>
              <tr>
                <th scope="col">{texts.node}</th>
                <th scope="col" className="from-narrow">
                  {texts.address}
                </th>
                <th scope="col" className="from-narrow">
                  {names.version}
                </th>
                <th scope="col" className="from-narrow">
                  {names.started}
                </th>
                <th scope="col">{texts.seen}</th>
                <th scope="col">{texts.state}</th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((node) => (
                <Row key={node.id} node={node} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

function Row({ node }: { node: Node }) {
  const { condition: texts } = useConditionMessages();
  return (
    <tr>
      <th scope="row">
        <span title={node.id}>{node.name}</span>
        {node.current && <span className="small quiet"> ({texts.current})</span>}
        <span className="cell-sub">
          {node.address} · {node.version}
        </span>
      </th>
      <td className="from-narrow">
        <code>{node.address}</code>
      </td>
      <td className="from-narrow">{node.version}</td>
      <td className="from-narrow">
        <Time at={node.startedAt} />
      </td>
      <td>
        <Time at={node.seenAt} />
      </td>
      <td>
        {node.present ? (
          <StateText tone="ok">{texts.present}</StateText>
        ) : (
          <StateText tone="warn">{texts.gone}</StateText>
        )}
      </td>
    </tr>
  );
}
