/** Texts of the pages one enters by, and of signing in again, which come with their pages. */
import type { EntryTexts } from "./entry.en";
import { part } from "./part";

export const EntryMessages = part<EntryTexts>({
  en: async () => (await import("./entry.en")).enEntry,
  de: async () => (await import("./entry.de")).deEntry,
});

export const useEntryMessages = EntryMessages.use;
