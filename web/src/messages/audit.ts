/** Texts about who changed what, which come with its pages. */
import type { Messages } from ".";
import type { AuditTexts } from "./audit.en";
import { part } from "./part";

export const AuditMessages = part<AuditTexts>({
  en: async () => (await import("./audit.en")).enAudit,
  de: async () => (await import("./audit.de")).deAudit,
});

export const useAuditMessages = AuditMessages.use;

/** All texts that the pages have. */
export type AllAuditTexts = Messages & AuditTexts;
