/** English texts of the list of requests to tenants that do not exist. */
import { enHappened } from "./happened.en";

const text = (value: string): string => value;

export const enUnknownTenants = {
  ...enHappened,
  unknownTenants: {
    title: text("Requests to unknown tenants"),
    lead: text("Their address names no tenant of this service: a mistyped SCIM URL, a deleted tenant, or a scan."),
    emptyTitle: text("No request to an unknown tenant"),
    empty: text("Every request that is kept went to a tenant that exists. One to any other address would stand here."),
  },
};

export type UnknownTenantsTexts = typeof enUnknownTenants;
