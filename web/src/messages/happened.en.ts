/** English texts of what a request did, in the words of the service; they come with what lists requests. */
const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;

export const enHappened = {
  happened: {
    types: { User: text("User"), Group: text("Group") },
    service: text("the service"),
    created: (whom: string) => `Created ${whom}`,
    unchanged: (whom: string) => `${whom} was already as sent; nothing changed`,
    updated: (whom: string) => `Updated ${whom}`,
    deleted: (whom: string) => `Deleted ${whom}`,
    nobody: text("Looked for someone who is not here"),
    one: text("Looked up one resource"),
    listed: (found: number | undefined) => (found === undefined ? "Listed" : `Listed, ${number.format(found)} found`),
    read: (whom: string) => `Read ${whom}`,
    discovered: text("Read what the service can do"),
    token: text("Gave an access token"),
    bulk: (all: number | undefined) => (all === undefined ? "Bulk" : `Bulk of ${number.format(all)} operations`),
    bulkRefused: (all: number, refused: number) =>
      `Bulk of ${number.format(all)} operations, ${number.format(refused)} of them refused`,
    rejected: (who: string | undefined) => (who === undefined ? "Refused" : `Refused ${who}`),
    failed: (who: string | undefined) => (who === undefined ? "Failed" : `Failed ${who}`),
  },
};

export type HappenedTexts = typeof enHappened;
