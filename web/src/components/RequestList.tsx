import type { SyncEventSummary } from "../api/types";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { toneIcons } from "../ui/Chip";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Time } from "../ui/Time";
import { outcomeTone } from "./Outcome";
import "./RequestList.css";

/** A short list of requests, each leading to its place in the log. */
export function RequestList({ tenant, events }: { tenant: string; events: SyncEventSummary[] }) {
  const { log } = useMessages();
  return (
    <ul className="request-list">
      {events.map((event) => {
        const tone = outcomeTone[event.outcome];
        return (
          <li key={event.id}>
            <span className="request-outcome" data-tone={tone}>
              <Icon of={toneIcons[tone]} />
              <span className="visually-hidden">{log.outcomes[event.outcome]}</span>
            </span>
            <span className="request-what">
              <Link href={routes.logEvent(tenant, event.id)} className="link-plain">
                {event.sentence}
              </Link>
              <span className="small quiet">
                <code>
                  {event.status} {event.method} {event.path}
                </code>
              </span>
            </span>
            <span className="small quiet">
              <Time at={event.at} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
