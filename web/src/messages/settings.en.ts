/** English texts about what is set for one tenant. */
const text = (value: string): string => value;

export const enSettings = {
  settings: {
    title: text("Settings"),
    general: text("General"),
    name: text("Company name"),
    save: text("Save"),
    address: text("Address"),
    slug: text("Short name"),
    slugHint: (url: string) =>
      `Makes the SCIM URL ${url}. IdPs can go on with the address they have until you drop the name in it.`,
    changeSlug: text("Change short name"),
    oldSlugs: text("Earlier short names"),
    oldSlugsHint: text("They still open the SCIM door. Drop one when no IdP comes by it any more."),
    replaced: text("Replaced"),
    slugUsed: text("A request last came by it"),
    slugUnused: text("No request by it since then."),
    dropSlug: text("Drop"),
    dropSlugNow: text("Drop short name"),
    dropSlugOf: (slug: string) => `Drop ${slug}`,
    dropping: (slug: string) => `Drop “${slug}”?`,
    droppingEffect: (name: string) =>
      `An IdP that still has this address gets 401 from now on. For 90 days only ${name} can take the name back.`,
    id: text("Id"),
    created: text("Created"),
    schemas: text("Own schemas"),
    toReference: text("API reference"),
    noSchemas: text("None yet. Attributes of your own are registered by the API, with registerSchema."),
    extends: { User: text("extends people"), Group: text("extends groups") },
    preparing: text("Being prepared"),
    misfits: (count: number) => `${count} ${count === 1 ? "resource does" : "resources do"} not fit`,
    serving: text("SCIM door"),
    isServed: text("Identity providers are served. Suspending the tenant changes nothing in its directory."),
    isSuspended: text("Identity providers get 503 and come again later. Nothing in the directory has changed."),
    suspend: text("Suspend tenant"),
    resume: text("Serve again"),
    suspending: (name: string) => `Suspend ${name}?`,
    suspendingEffect: (people: string, groups: string) =>
      `The SCIM door closes at once: no change of ${people} people and ${groups} groups arrives until the tenant is served again, also no deactivation of a leaver. Nothing is deleted.`,
    danger: text("Danger zone"),
    deleteHint: text(
      "Deleting the tenant ends its credentials at once and removes its whole directory. It cannot be undone.",
    ),
    deleteTenant: text("Delete tenant"),
    deleting: (name: string) => `Delete ${name}?`,
    deletingEffect: text("All of this goes, and cannot be brought back:"),
    people: text("People"),
    groups: text("Groups"),
    connections: text("Connections"),
    liveCredentials: text("Live credentials"),
    deletingRest: text(
      "Its changes, its sync log and the roles of its admins go too. IdPs get 401 from the first moment. Nobody gets the short name for 90 days.",
    ),
  },
};

export type SettingsTexts = typeof enSettings;
