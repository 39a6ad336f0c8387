/** Texts about how the service itself runs; they come with the page that shows it. */
import type { ConditionTexts } from "./condition.en";
import { part } from "./part";

export const ConditionMessages = part<ConditionTexts>({
  en: async () => (await import("./condition.en")).enCondition,
  de: async () => (await import("./condition.de")).deCondition,
});

export const useConditionMessages = ConditionMessages.use;
