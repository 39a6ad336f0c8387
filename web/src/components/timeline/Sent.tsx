/** Where a change stands with each webhook: what its receiver answered, or what the change waits for. */
import type { ChangeDelivery } from "../../api/types";
import { useTimelineMessages } from "../../messages/timeline";
import { routes } from "../../routes";
import { StateText, type Tone } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";

const tones: Record<ChangeDelivery["state"], Tone> = {
  delivered: "ok",
  waiting: "info",
  paused: "plain",
  parked: "bad",
  past: "plain",
};

/** Whether somebody may have to look: it was tried in vain, or is not tried at all. */
export const isStuck = ({ state, attempts }: ChangeDelivery) =>
  state === "parked" || state === "paused" || (state === "waiting" && attempts > 0);

export function Sent({ slug, deliveries }: { slug: string; deliveries: ChangeDelivery[] }) {
  const { story: texts } = useTimelineMessages();
  if (deliveries.length === 0) return null;
  return (
    <div>
      <h3 className="small muted">{texts.sent}</h3>
      <ul className="stack-tight">
        {deliveries.map((delivery) => (
          <li key={delivery.webhookId}>
            <Link href={routes.webhook(slug, delivery.webhookId)}>{delivery.name}</Link>{" "}
            <StateText tone={tones[delivery.state]}>
              {delivery.state === "delivered" ? texts.deliveries.delivered(delivery) : texts.deliveries[delivery.state]}
            </StateText>{" "}
            <Tries delivery={delivery} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** When it came through, or how often it did not and when it is tried again. */
function Tries({ delivery }: { delivery: ChangeDelivery }) {
  const { story: texts } = useTimelineMessages();
  const { attempts, reason, deliveredAt, triedAt, nextAt } = delivery;
  return (
    <span className="small quiet">
      {deliveredAt && <Time at={deliveredAt} />}
      {triedAt && reason && (
        <>
          {texts.tried({ attempts, reason })} <Time at={triedAt} />
        </>
      )}
      {nextAt && (
        <>
          {" · "}
          {texts.triedNext} <Time at={nextAt} past={false} />
        </>
      )}
    </span>
  );
}
