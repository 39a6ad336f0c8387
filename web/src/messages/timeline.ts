/** Texts of stories and of asking for one; they come with what shows them. */
import { part } from "./part";
import type { TimelineTexts } from "./timeline.en";

export const TimelineMessages = part<TimelineTexts>({
  en: async () => (await import("./timeline.en")).enTimeline,
  de: async () => (await import("./timeline.de")).deTimeline,
});

export const useTimelineMessages = TimelineMessages.use;
