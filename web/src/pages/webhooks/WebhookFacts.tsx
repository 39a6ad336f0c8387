import type { Webhook } from "../../api/types";
import { useWebhookMessages } from "../../messages/webhooks";
import { Notice } from "../../ui/Chip";
import { CopyButton, CopyId } from "../../ui/Copy";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";

/** What keeps a webhook from getting on, and what comes of it. */
export function Trouble({ webhook }: { webhook: Webhook }) {
  const { webhook: texts } = useWebhookMessages();
  const { state, failure, behindRetention } = webhook;
  return (
    <>
      {state === "paused" && <Notice tone="plain">{texts.paused}</Notice>}
      {failure && (
        <Notice tone={state === "parked" ? "bad" : "warn"}>
          {state === "parked" && (
            <p>
              {texts.parked} <Time at={failure.since} />.
            </p>
          )}
          <p>
            {texts.failing(failure.reason, failure.attempts)} <Time at={failure.since} />.
          </p>
          {failure.nextAt && state === "active" && (
            <p>
              {texts.next} <Time at={failure.nextAt} past={false} />.
            </p>
          )}
        </Notice>
      )}
      {behindRetention && <Notice tone="warn">{texts.behind}</Notice>}
    </>
  );
}

export function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { webhook: texts } = useWebhookMessages();
  const { types, resourceType } = webhook;
  return (
    <section className="card card-pad contained" aria-label={texts.screen}>
      <Facts>
        <Fact label={texts.url}>
          <code>{webhook.url}</code> <CopyButton value={webhook.url} what={texts.url} />
        </Fact>
        <Fact label={texts.gets}>
          {resourceType && types.length === 0 && texts.getsOf[resourceType]}
          {!resourceType && types.length === 0 && texts.getsAll}
          {types.length > 0 && <code>{types.join(", ")}</code>}
        </Fact>
        <Fact label={texts.delivered}>
          {texts.deliveredOf(webhook.deliveredSeq, webhook.lastSeq)}{" "}
          <span className="quiet">({texts.waits(webhook.waiting)})</span>
        </Fact>
        <Fact label={texts.secret}>
          <Time at={webhook.secretSetAt} />
          {webhook.oldSecretUntil && (
            <span className="quiet small block">
              {texts.oldSecret} <Time at={webhook.oldSecretUntil} past={false} />
            </span>
          )}
        </Fact>
        <Fact label={texts.created}>
          <Time at={webhook.createdAt} />
        </Fact>
        <Fact label={texts.id}>
          <CopyId value={webhook.id} what={texts.id} />
        </Fact>
      </Facts>
    </section>
  );
}
