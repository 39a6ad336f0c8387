/** Texts about how connections are doing and what their requests add up to; they come with what shows it. */
import type { HealthTexts } from "./health.en";
import { part } from "./part";

export const HealthMessages = part<HealthTexts>({
  en: async () => (await import("./health.en")).enHealth,
  de: async () => (await import("./health.de")).deHealth,
});

export const useHealthMessages = HealthMessages.use;
