/** What was sent to a webhook, newest first, each with what was said. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import type { Delivery, Webhook } from "../../api/types";
import { deliveriesQuery } from "../../api/webhooks";
import { keepRows, ListBody } from "../../components/ListBody";
import { useList } from "../../components/useList";
import { useSearchState } from "../../components/useSearchState";
import { useWebhookMessages } from "../../messages/webhooks";
import type { WebhookTexts } from "../../messages/webhooks.en";
import { deliveryOutcomes, routes, searches, type WebhookSearch } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { Link } from "../../ui/Link";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { DeliveryDialog } from "./DeliveryDialog";
import { outcomeTones } from "./standing";

type Props = {
  slug: string;
  webhook: Webhook;
  /** Asks to send all after that number again. */
  onReplay: (after: number) => void;
  /** Something was sent. */
  onSent: () => void;
};

export function Deliveries({ slug, webhook, onReplay, onSent }: Props) {
  const { deliveries: texts, states } = useWebhookMessages();
  const [search, change] = useSearchState(searches.webhook);
  const filter = { outcome: search.outcome, resourceId: search.resource };
  const query = useInfiniteQuery({ ...deliveriesQuery(slug, webhook.id, filter), ...keepRows });
  const { rows, more } = useList(query);
  const outcome = {
    id: "outcome",
    label: texts.outcome,
    value: search.outcome,
    options: deliveryOutcomes.map((value) => ({ value, label: texts.outcomes[value] })),
    onChange: (value: string | undefined) => change({ outcome: deliveryOutcomes.find((known) => known === value) }),
  };
  const one = { id: "resource", label: texts.oneResource, onClear: () => change({ resource: undefined }) };
  const set = [
    ...(search.outcome
      ? [
          {
            id: "outcome",
            label: `${texts.outcome}: ${texts.outcomes[search.outcome]}`,
            onClear: () => change({ outcome: undefined }),
          },
        ]
      : []),
    ...(search.resource ? [one] : []),
  ];
  return (
    <section className="stack-tight" aria-labelledby="deliveries">
      <h2 id="deliveries">{texts.title}</h2>
      <FilterBar filters={[outcome]} fixed={search.resource ? [one] : []} />
      <ListBody
        among
        query={query}
        count={rows.length}
        filters={set}
        onClearAll={() => change({ outcome: undefined, resource: undefined })}
        empty={
          <EmptyState icon={Inbox} title={texts.emptyTitle}>
            {texts.empty}
          </EmptyState>
        }
        foot={
          more && (
            <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
              {states.more}
            </Button>
          )
        }
      >
        <DeliveryTable slug={slug} webhook={webhook.id} search={search} deliveries={rows} />
      </ListBody>
      <DeliveryDialog
        slug={slug}
        webhook={webhook.id}
        delivery={search.sel}
        onReplay={(after) => {
          change({ sel: undefined });
          onReplay(after);
        }}
        onSent={onSent}
        onClose={() => change({ sel: undefined })}
      />
    </section>
  );
}

/** What it is about, and which try it was. */
function aboutOf({ seq, type, attempt }: Delivery, texts: WebhookTexts["deliveries"]): string {
  const special = { "webhook.test": texts.test, "webhook.gap": texts.gap }[type];
  const about = special ?? (seq === undefined ? undefined : texts.change(seq));
  return [about, attempt > 1 ? texts.attempt(attempt) : undefined].filter((part) => part !== undefined).join(", ");
}

export function DeliveryTable({
  slug,
  webhook,
  search,
  deliveries,
}: {
  slug: string;
  webhook: string;
  search: WebhookSearch;
  deliveries: Delivery[];
}) {
  const { deliveries: texts } = useWebhookMessages();
  return (
    <div className="table-frame">
      <table className="table" aria-labelledby="deliveries">
        <thead>
          <tr>
            <th scope="col">{texts.what}</th>
            <th scope="col">{texts.outcome}</th>
            <th scope="col" className="number from-middle">
              {texts.took}
            </th>
            <th scope="col" className="from-narrow">
              {texts.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <tr key={delivery.id}>
              <th scope="row">
                <Link href={routes.webhook(slug, webhook, { ...search, sel: delivery.id })}>{delivery.type}</Link>
                <span className="quiet small block">{aboutOf(delivery, texts)}</span>
              </th>
              <td>
                <Chip tone={outcomeTones[delivery.outcome]}>
                  {delivery.status} {texts.outcomes[delivery.outcome]}
                </Chip>
              </td>
              <td className="number from-middle">{texts.milliseconds(delivery.millis)}</td>
              <td className="from-narrow">
                <Time at={delivery.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
