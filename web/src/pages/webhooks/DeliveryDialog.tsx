/** One delivery with all that was said, and what can be done about it. */
import { useQuery } from "@tanstack/react-query";
import { RotateCcw, Send } from "lucide-react";
import { useState } from "react";
import type { Delivery, DeliveryDetail } from "../../api/types";
import { deliveryQuery, resendDelivery } from "../../api/webhooks";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { useWebhookMessages } from "../../messages/webhooks";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip, Notice } from "../../ui/Chip";
import { CodeView } from "../../ui/CodeView";
import { CopyId } from "../../ui/Copy";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Link } from "../../ui/Link";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { outcomeTones } from "./standing";

type Props = {
  slug: string;
  webhook: string;
  onReplay: (after: number) => void;
  onSent: () => void;
  onClose: () => void;
};

export function DeliveryDialog({ delivery, ...props }: Props & { delivery: string | undefined }) {
  const { deliveries: texts } = useWebhookMessages();
  return (
    <Dialog title={texts.screen} isOpen={delivery !== undefined} onClose={props.onClose}>
      {delivery !== undefined && <Content key={delivery} delivery={delivery} {...props} />}
    </Dialog>
  );
}

function Content({ slug, webhook, delivery, onReplay, onSent, onClose }: Props & { delivery: string }) {
  const { deliveries: texts } = useWebhookMessages();
  const query = useQuery(deliveryQuery(slug, webhook, delivery));
  const [sent, setSent] = useState<Delivery>();
  const resend = useAction(async () => {
    setSent(await resendDelivery(slug, webhook, delivery));
    onSent();
  });
  const seq = query.data?.delivery.seq;
  return (
    <>
      <Loaded query={query}>{(detail) => <Said detail={detail} slug={slug} webhook={webhook} />}</Loaded>
      {resend.error !== undefined && <FailureBox error={resend.error} />}
      <div role="status">
        {sent && (
          <Notice tone={outcomeTones[sent.outcome]}>
            {sent.outcome === "delivered"
              ? texts.resent.delivered
              : texts.resent.other(sent.reason ?? String(sent.status ?? texts.outcomes[sent.outcome]))}
          </Notice>
        )}
      </div>
      <DialogActions>
        <Button onPress={onClose}>{texts.close}</Button>
        {seq !== undefined && (
          <Button icon={RotateCcw} onPress={() => onReplay(seq - 1)}>
            {texts.since}
          </Button>
        )}
        {query.data && (
          <Button variant="primary" icon={Send} isPending={resend.pending} onPress={() => void resend.run()}>
            {texts.resend}
          </Button>
        )}
      </DialogActions>
    </>
  );
}

export function Said({ detail, slug, webhook }: { detail: DeliveryDetail; slug: string; webhook: string }) {
  const { deliveries: texts, number } = useWebhookMessages();
  const { delivery, requestHeaders, requestBody, answerHeaders, answerBody } = detail;
  const { seq, prevSeq, appliedSeq, status, outcome, reason } = delivery;
  const answered = answerHeaders.length > 0 || answerBody !== undefined || status !== undefined;
  return (
    <div className="stack contained">
      <div className="stack-tight">
        <div className="row">
          <Chip tone={outcomeTones[outcome]}>
            {status} {texts.outcomes[outcome]}
          </Chip>
          <code>{delivery.type}</code>
        </div>
        <p className="muted">{texts.hints[outcome]}</p>
      </div>
      <Facts>
        {reason && <Fact label={texts.reason}>{reason}</Fact>}
        <Fact label={texts.time}>
          <Time at={delivery.at} exact />
        </Fact>
        <Fact label={texts.took}>
          {texts.milliseconds(delivery.millis)} <span className="quiet">({texts.attempt(delivery.attempt)})</span>
        </Fact>
        {seq !== undefined && (
          <Fact label={texts.sequence}>
            <Link href={routes.changes(slug, { sel: String(seq) })}>{texts.openChange(seq)}</Link>
          </Fact>
        )}
        {prevSeq !== undefined && <Fact label={texts.before}>{number(prevSeq)}</Fact>}
        {appliedSeq !== undefined && <Fact label={texts.applied}>{number(appliedSeq)}</Fact>}
        <Fact label={texts.message}>
          <CopyId value={delivery.messageId} what={texts.message} />
        </Fact>
      </Facts>
      {delivery.resourceId !== undefined && (
        <Link href={routes.webhook(slug, webhook, { resource: delivery.resourceId })}>{texts.similar}</Link>
      )}
      <Part title={texts.request} headers={requestHeaders} body={requestBody} />
      {answered ? (
        <Part title={texts.answer} headers={answerHeaders} body={answerBody} />
      ) : (
        <p className="muted">{texts.noAnswer}</p>
      )}
    </div>
  );
}

function Part({
  title,
  headers,
  body,
}: {
  title: string;
  headers: DeliveryDetail["requestHeaders"];
  body: string | undefined;
}) {
  const { deliveries: texts } = useWebhookMessages();
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      {headers.length > 0 && (
        <CodeView
          text={headers.map(({ name, value }) => `${name}: ${value}`).join("\n")}
          label={`${title}: ${texts.headers}`}
        />
      )}
      {body && <CodeView text={indented(body)} label={`${title}: ${texts.body}`} />}
    </section>
  );
}

/** JSON with line breaks; anything else, such as the beginning of something longer, as it came. */
export function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
