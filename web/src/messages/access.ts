/** Texts about roles of the app and who has them, which come with their pages. */
import type { AccessTexts } from "./access.en";
import { part } from "./part";

export const AccessMessages = part<AccessTexts>({
  en: async () => (await import("./access.en")).enAccess,
  de: async () => (await import("./access.de")).deAccess,
});

export const useAccessMessages = AccessMessages.use;
