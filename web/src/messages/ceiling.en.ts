/** English texts about how many requests a tenant may send. */
const number = new Intl.NumberFormat("en");
const requests = (n: number) => `${number.format(n)} ${n === 1 ? "request" : "requests"} a second`;
const text = (value: string): string => value;

export const enCeiling = {
  ceiling: {
    title: text("Request limit"),
    lead: text(
      "How many SCIM requests a second this tenant may send to each server. What is beyond it gets 429 and is told when to come again.",
    ),
    inForce: (n: number | undefined) => (n === undefined ? "No limit" : requests(n)),
    label: text("Limit of this tenant"),
    rules: {
      general: text("As for all tenants"),
      none: text("No limit"),
      own: text("Its own limit"),
    },
    generalHint: (n: number | undefined) =>
      n === undefined
        ? "The service has no limit for all tenants."
        : `${requests(n)}, from the service's configuration.`,
    noneHint: text("Other tenants are not slowed down: all take turns."),
    ownHint: text("Holds whatever is set for all tenants."),
    number: text("Requests a second"),
    wrong: text("A whole number from 1 to 100,000."),
    effect: text("Holds on every server within a second."),
    save: text("Save limit"),
    onlyOperator: text("Only an operator of the service can change it."),
  },
};

export type CeilingTexts = typeof enCeiling;
