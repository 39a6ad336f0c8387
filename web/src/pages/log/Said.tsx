import type { LoggedMessage, SyncEvent } from "../../api/types";
import { useLogMessages } from "../../messages/log";
import { CodeView } from "../../ui/CodeView";
import { JsonView } from "../../ui/JsonView";

/** What the request or the answer said: headers and body, as the tenant keeps them and the reader may see them. */
export function Said({ event, side }: { event: SyncEvent; side: "request" | "answer" }) {
  const { said: texts } = useLogMessages();
  const exchange = event.exchange;
  if (!exchange) return <p className="muted">{texts.nothing}</p>;
  return (
    <div className="event">
      <p className="small quiet">{exchange.bodies === "full" ? texts.full : texts.masked}</p>
      <Body message={exchange[side]} />
      <section className="stack-tight">
        <h3>{texts.headers}</h3>
        <CodeView
          text={exchange[side].headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}
          label={texts.headers}
        />
      </section>
    </div>
  );
}

function Body({ message: { body } }: { message: LoggedMessage }) {
  const { said: texts } = useLogMessages();
  return (
    <section className="stack-tight">
      <h3>{texts.body}</h3>
      {!body && <p className="muted">{texts.noBody}</p>}
      {body && <p className="small quiet">{body.cut ? texts.cut(body.length) : texts.length(body.length)}</p>}
      {body?.fault && <p>{texts.fault(body.fault.line, body.fault.column)}</p>}
      {body?.text !== undefined && <CodeView text={body.text} label={texts.body} />}
      {body?.json !== undefined && <JsonView value={body.json} label={texts.body} />}
    </section>
  );
}
