/** Texts about webhooks and their deliveries, which come with their pages. */

import { part } from "./part";
import type { WebhookTexts } from "./webhooks.en";

export const WebhookMessages = part<WebhookTexts>({
  en: async () => (await import("./webhooks.en")).enWebhook,
  de: async () => (await import("./webhooks.de")).deWebhook,
});

export const useWebhookMessages = WebhookMessages.use;
