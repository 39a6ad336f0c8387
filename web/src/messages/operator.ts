/** Texts of the operator's table of tenants; they come with it. */
import type { OperatorTexts } from "./operator.en";
import { part } from "./part";

export const OperatorMessages = part<OperatorTexts>({
  en: async () => (await import("./operator.en")).enOperator,
  de: async () => (await import("./operator.de")).deOperator,
});

export const useOperatorMessages = OperatorMessages.use;
