import type { SyncEventSummary } from "../../api/types";
import { happened } from "../../components/happened";
import { OutcomeText } from "../../components/Outcome";
import type { Messages } from "../../messages";
import type { CauseTexts } from "../../messages/cause";
import type { HappenedTexts } from "../../messages/happened.en";
import { Time } from "../../ui/Time";
import type { Column } from "../../ui/VirtualTable";

export function columns(
  messages: Messages & HappenedTexts,
  causes: CauseTexts | undefined,
): Column<SyncEventSummary>[] {
  const { log: texts } = messages;
  return [
    {
      id: "happened",
      head: texts.happened,
      cell: (event) => (
        <>
          {happened(event, messages, causes)}
          <span className="cell-sub">
            <Time at={event.at} /> · {event.method} {event.path}
          </span>
        </>
      ),
    },
    { id: "status", head: texts.status, width: "76px", cell: (event) => <OutcomeText event={event} /> },
    {
      id: "request",
      head: texts.request,
      width: "28%",
      from: "middle",
      cell: (event) => (
        <code title={`${event.method} ${event.path}`}>
          {event.method} {event.path}
        </code>
      ),
    },
    {
      id: "credential",
      head: texts.credential,
      width: "120px",
      from: "wide",
      cell: (event) => event.credentialName ?? <span className="quiet">–</span>,
    },
    {
      id: "duration",
      head: texts.duration,
      width: "88px",
      number: true,
      from: "wide",
      cell: (event) => texts.milliseconds(event.durationMs),
    },
    { id: "time", head: texts.time, width: "116px", from: "narrow", cell: (event) => <Time at={event.at} /> },
  ];
}
