/** Texts about the keys that act without a modifier, which come when somebody asks for them. */
import type { KeysTexts } from "./keys.en";
import { part } from "./part";

export const KeysMessages = part<KeysTexts>({
  en: async () => (await import("./keys.en")).enKeys,
  de: async () => (await import("./keys.de")).deKeys,
});

export const useKeysMessages = KeysMessages.use;
