/** What a webhook gets: as it is chosen, and as the API takes it. */
import type { Webhook, WebhookChange } from "../../api/types";
import { changeTypes } from "../../routes";

export const wants = ["all", "User", "Group", "some"] as const;
export type Want = (typeof wants)[number];

export type WebhookDraft = { name: string; url: string; want: Want; types: readonly string[] };

export const emptyDraft: WebhookDraft = { name: "", url: "", want: "all", types: [] };

export function wantOf({ types, resourceType }: Pick<Webhook, "types" | "resourceType">): Want {
  if (types.length > 0) return "some";
  return resourceType ?? "all";
}

export const draftOf = (webhook: Pick<Webhook, "name" | "url" | "types" | "resourceType">): WebhookDraft => ({
  name: webhook.name,
  url: webhook.url,
  want: wantOf(webhook),
  types: webhook.types,
});

/** The types that can be chosen; one that this console does not know stays as long as it is chosen. */
export const typesOf = ({ types }: Pick<WebhookDraft, "types">): string[] => [
  ...changeTypes,
  ...types.filter((type) => !changeTypes.some((known) => known === type)),
];

/** The filter that is sent: both parts, so that what was narrowed before is not any more. */
export function filterOf({ want, types }: WebhookDraft): { types: string[]; resourceType: "User" | "Group" | "any" } {
  return {
    types: want === "some" ? [...types] : [],
    resourceType: want === "User" || want === "Group" ? want : "any",
  };
}

/** What of a webhook changes; the address only when it is another one, for that needs a recent sign-in. */
export function changeOf(before: Webhook, draft: WebhookDraft): WebhookChange {
  const url = draft.url.trim();
  return { name: draft.name.trim(), ...filterOf(draft), ...(url === before.url ? {} : { url }) };
}
