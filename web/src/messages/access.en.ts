/** English texts about roles of the app and who has them. */
const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

export const enAccess = {
  access: {
    title: text("Access"),
    lead: text("Which groups of the IdP give which roles of the app, and how many people have them."),
    map: text("Map a group"),
    emptyTitle: text("The app has no roles yet"),
    empty: text(
      "Once the operator of this service has entered the roles of the app, groups can be mapped to them here.",
    ),
    toRoles: text("Enter the roles of the app"),
    people: (n: number) => count(n, "person has it", "people have it"),
    nobody: text("No group gives it, so nobody has it."),
    groups: (role: string) => `Groups that give “${role}”`,
    deleted: text("a group that was deleted"),
    by: (who: string) => `by ${who}`,
    remove: text("Remove"),
    removeOf: (group: string, role: string) => `Remove “${group}” from “${role}”`,
    mapping: {
      title: text("Map a group to a role"),
      role: text("Role"),
      find: text("Find a group"),
      group: text("Group"),
      members: (n: number) => count(n, "member", "members"),
      none: text("No group is called that."),
      more: text("There are more. Type more of the name."),
      already: text("This group gives this role already."),
      save: text("Map the group"),
      saveFor: (n: number) => `Give it to ${count(n, "person", "people")}`,
    },
    removing: {
      title: (group: string, role: string) => `Remove “${group}” from “${role}”?`,
      effect: text("Whoever has the role through another group keeps it. It can be mapped again at any time."),
      action: text("Remove mapping"),
    },
    preview: {
      title: text("What would change"),
      gains: (n: number) => `${count(n, "person gains", "people gain")} the role`,
      loses: (n: number) => `${count(n, "person loses", "people lose")} the role`,
      nobody: text("Nobody gains or loses the role."),
      more: text("and others"),
    },
  },
  appRoles: {
    title: text("App roles"),
    lead: text("The roles your app knows. They are the same in all tenants; who has them follows from groups."),
    create: text("New role"),
    emptyTitle: text("No role yet"),
    empty: text("Enter the roles your app knows. The admins of each tenant then map groups of their IdP to them."),
    key: text("Key"),
    name: text("Name"),
    description: text("Description"),
    actions: text("Actions"),
    actionsOf: (name: string) => `Actions for “${name}”`,
    change: text("Change"),
    remove: text("Delete role"),
    form: {
      createTitle: text("New role"),
      changeTitle: (name: string) => `Change “${name}”`,
      keyHint: text("What the app calls it: small letters, digits and _ . : - only. It stays as it is."),
      keyWrong: text("Only small letters, digits and _ . : - may stand here, 64 of them at most."),
      nameHint: text("What people call it."),
      create: text("Create role"),
      save: text("Save"),
    },
    deleting: {
      title: (name: string) => `Delete “${name}”?`,
      effect: text(
        "It goes from all tenants. A role that a group still gives cannot be deleted: remove those mappings first.",
      ),
      action: text("Delete role"),
    },
  },
  userRoles: {
    role: text("Role"),
    through: text("Through group"),
    none: text("No role of the app."),
    inactive: text("No role of the app: whoever is inactive has none."),
  },
};

export type AccessTexts = typeof enAccess;
