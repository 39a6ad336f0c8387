import type { Change } from "../../api/types";
import { changeSentence } from "../../components/ChangeList";
import type { Messages } from "../../messages";
import type { FeedTexts } from "../../messages/feed.en";
import { Time } from "../../ui/Time";
import type { Column } from "../../ui/VirtualTable";

export function columns(messages: Messages & FeedTexts): Column<Change>[] {
  const { feed: texts, number } = messages;
  return [
    {
      id: "happened",
      head: texts.happened,
      cell: (change) => (
        <>
          {changeSentence(change, messages)}
          <span className="cell-sub">
            <Time at={change.at} /> · {change.type}
          </span>
        </>
      ),
    },
    { id: "type", head: texts.type, width: "200px", from: "middle", cell: (change) => <code>{change.type}</code> },
    { id: "number", head: texts.number, width: "104px", number: true, cell: (change) => number(change.seq) },
    { id: "time", head: texts.time, width: "116px", from: "narrow", cell: (change) => <Time at={change.at} /> },
  ];
}
