/** Texts of what the sync log keeps and of taking it away; they come with their pages. */
import type { LogTexts } from "./log.en";
import { part } from "./part";

export const LogMessages = part<LogTexts>({
  en: async () => (await import("./log.en")).enLog,
  de: async () => (await import("./log.de")).deLog,
});

export const useLogMessages = LogMessages.use;
