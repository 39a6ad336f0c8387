/** Webhooks of a tenant, and what was sent to them. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { Delivery, DeliveryDetail, DeliveryOutcome, NewWebhook, Webhook, WebhookChange } from "./types";

const PAGE = 50;
/** How often the screen of a webhook looks whether something was sent, in milliseconds. */
const AGAIN = 5_000;

export const webhooksQuery = (tenant: string) =>
  queryOptions({
    queryKey: ["webhooks", tenant],
    queryFn: async ({ signal }): Promise<Webhook[]> =>
      (await answer(client.GET("/tenants/{tenant}/webhooks", { params: { path: { tenant } }, signal }))).items,
    refetchInterval: AGAIN,
  });

export const webhookQuery = (tenant: string, webhook: string) =>
  queryOptions({
    queryKey: ["webhook", tenant, webhook],
    queryFn: ({ signal }): Promise<Webhook> =>
      answer(client.GET("/tenants/{tenant}/webhooks/{webhook}", { params: { path: { tenant, webhook } }, signal })),
    refetchInterval: AGAIN,
  });

/** The answer holds the secret in clear, this one time: keep it out of caches and storage. */
export const createWebhook = (tenant: string, body: NewWebhook): Promise<{ webhook: Webhook; secret: string }> =>
  answer(client.POST("/tenants/{tenant}/webhooks", { params: { path: { tenant } }, body }));

export const changeWebhook = (tenant: string, webhook: string, body: WebhookChange): Promise<Webhook> =>
  answer(client.PATCH("/tenants/{tenant}/webhooks/{webhook}", { params: { path: { tenant, webhook } }, body }));

export const deleteWebhook = async (tenant: string, webhook: string): Promise<void> => {
  await answer(client.DELETE("/tenants/{tenant}/webhooks/{webhook}", { params: { path: { tenant, webhook } } }));
};

/** The answer holds the new secret in clear, this one time: keep it out of caches and storage. */
export const rotateWebhookSecret = (
  tenant: string,
  webhook: string,
  keepOldHours: number,
): Promise<{ webhook: Webhook; secret: string }> =>
  answer(
    client.POST("/tenants/{tenant}/webhooks/{webhook}/secret", {
      params: { path: { tenant, webhook } },
      body: { keepOldHours },
    }),
  );

export const testWebhook = (tenant: string, webhook: string): Promise<Delivery> =>
  answer(client.POST("/tenants/{tenant}/webhooks/{webhook}/test", { params: { path: { tenant, webhook } } }));

/** Sends all changes after the number `after` again, in their order. */
export const replayWebhook = (tenant: string, webhook: string, after: number): Promise<Webhook> =>
  answer(
    client.POST("/tenants/{tenant}/webhooks/{webhook}/replay", {
      params: { path: { tenant, webhook } },
      body: { after },
    }),
  );

export type DeliveryFilter = { outcome?: DeliveryOutcome | undefined; resourceId?: string | undefined };

export const deliveriesQuery = (tenant: string, webhook: string, filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ["deliveries", tenant, webhook, filter],
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.GET("/tenants/{tenant}/webhooks/{webhook}/deliveries", {
          params: { path: { tenant, webhook }, query: { ...filter, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Somebody who reads far back is not read the whole list again and again.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : AGAIN),
  });

export const deliveryQuery = (tenant: string, webhook: string, delivery: string) =>
  queryOptions({
    queryKey: ["delivery", tenant, webhook, delivery],
    queryFn: ({ signal }): Promise<DeliveryDetail> =>
      answer(
        client.GET("/tenants/{tenant}/webhooks/{webhook}/deliveries/{delivery}", {
          params: { path: { tenant, webhook, delivery } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Sends one message again, under the id it had. */
export const resendDelivery = (tenant: string, webhook: string, delivery: string): Promise<Delivery> =>
  answer(
    client.POST("/tenants/{tenant}/webhooks/{webhook}/deliveries/{delivery}/resend", {
      params: { path: { tenant, webhook, delivery } },
    }),
  );
