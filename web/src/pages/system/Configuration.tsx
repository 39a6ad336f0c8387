import type { System } from "../../api/types";
import { useConditionMessages } from "../../messages/condition";
import "../../ui/Table.css";
import { Section } from "./Section";

/** What the node was told; of a secret only that it is set. */
export function Configuration({ settings }: { settings: System["configuration"] }) {
  const { condition: texts } = useConditionMessages();
  return (
    <Section id="system-configuration" title={texts.configuration} hint={texts.configurationHint}>
      {settings.length === 0 ? (
        <p className="muted">{texts.noConfiguration}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        <div className="table-frame" tabIndex={0}>
          <table className="table" aria-labelledby="system-configuration">
            <thead>
              <tr>
                <th scope="col">{texts.setting}</th>
                <th scope="col">{texts.value}</th>
              </tr>
            </thead>
            <tbody>
              {settings.map(({ name, value }) => (
                <tr key={name}>
                  <th scope="row">
                    <code className="system-word">{name}</code>
                  </th>
                  <td>
                    {value === undefined ? (
                      <span className="quiet">{texts.hidden}</span>
                    ) : (
                      <code className="system-word">{value}</code>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}
