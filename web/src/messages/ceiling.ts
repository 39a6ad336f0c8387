/** Texts about how many requests a tenant may send; they come with its settings. */
import type { CeilingTexts } from "./ceiling.en";
import { part } from "./part";

export const CeilingMessages = part<CeilingTexts>({
  en: async () => (await import("./ceiling.en")).enCeiling,
  de: async () => (await import("./ceiling.de")).deCeiling,
});

export const useCeilingMessages = CeilingMessages.use;
