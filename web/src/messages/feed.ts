/** Texts about the changes and how far whoever follows them is, which come with their pages. */
import type { FeedTexts } from "./feed.en";
import { part } from "./part";

export const FeedMessages = part<FeedTexts>({
  en: async () => (await import("./feed.en")).enFeed,
  de: async () => (await import("./feed.de")).deFeed,
});

export const useFeedMessages = FeedMessages.use;
