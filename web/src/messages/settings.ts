/** Texts about what is set for one tenant, which come with its page. */
import { part } from "./part";
import type { SettingsTexts } from "./settings.en";

export const SettingsMessages = part<SettingsTexts>({
  en: async () => (await import("./settings.en")).enSettings,
  de: async () => (await import("./settings.de")).deSettings,
});

export const useSettingsMessages = SettingsMessages.use;
