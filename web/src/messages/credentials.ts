/** Texts of credentials and their secrets, which come with their pages. */
import type { CredentialTexts } from "./credentials.en";
import { part } from "./part";

export const CredentialsMessages = part<CredentialTexts>({
  en: async () => (await import("./credentials.en")).enCredentials,
  de: async () => (await import("./credentials.de")).deCredentials,
});

export const useCredentialsMessages = CredentialsMessages.use;
