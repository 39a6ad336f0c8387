/** What OneLogin is to send of a person, in its own variables. */
export const oneLoginTemplate = JSON.stringify(
  {
    schemas: [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    ],
    userName: "{$parameters.scimusername}",
    name: {
      givenName: "{$user.firstname}",
      familyName: "{$user.lastname}",
      formatted: "{$user.display_name}",
    },
    emails: [{ value: "{$user.email}", type: "work", primary: true }],
    title: "{$parameters.title}",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
      department: "{$parameters.department}",
      manager: {
        value: "{$parameters.external_manager_id}",
        displayName: "{$user.manager_firstname} {$user.manager_lastname}",
      },
    },
  },
  null,
  2,
);
