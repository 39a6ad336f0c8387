/** The rights that screens for builders ask for, by what one may do with them. */
export const may = {
  /** To follow the changes as an app does; to read some of them in a story takes less. */
  followChanges: "changes:acknowledge",
  manageWebhooks: "webhooks:manage",
  /** To see which groups give which roles of the app: the API tells whoever reads people, the screen is for builders. */
  readAccess: "changes:acknowledge",
  mapRoles: "roles:map",
} as const;
