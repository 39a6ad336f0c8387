/** Texts of the list of requests to tenants that do not exist; they come with it. */
import { part } from "./part";
import type { UnknownTenantsTexts } from "./unknownTenants.en";

export const UnknownTenantsMessages = part<UnknownTenantsTexts>({
  en: async () => (await import("./unknownTenants.en")).enUnknownTenants,
  de: async () => (await import("./unknownTenants.de")).deUnknownTenants,
});

export const useUnknownTenantsMessages = UnknownTenantsMessages.use;
