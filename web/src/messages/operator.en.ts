/** English texts of the operator's table of tenants. */
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1, roundingMode: "ceil" });
const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;

export const enOperator = {
  operator: {
    sort: text("Sort by"),
    created: text("Created"),
    requests: text("Requests, 24 h"),
    refused: text("Not accepted, 24 h"),
    /** Of the requests of a day, how many were refused or failed. */
    day: (requests: number, refused: number) =>
      `${number.format(refused)} of ${number.format(requests)} requests were not accepted`,
    none: text("No request within 24 hours"),
    share: (part: number, whole: number) => percent.format(part / whole),
    /** What a tenant that was just made needs. */
    first: {
      title: (name: string) => `“${name}” is there. What next?`,
      question: text("Who goes on?"),
      admin: text("Invite its first admin"),
      adminHint: text("They get an account here and look after everything in this tenant."),
      link: text("Make a set-up link"),
      linkHint: text("For whoever connects the IdP once: a guide with the tenant's address, and no account."),
      linkFor: (name: string) => `Set-up link for ${name}`,
      email: text("E-mail"),
      name: text("Name"),
      forWhom: text("For whom"),
      idp: text("Which IdP sends the people?"),
      invite: text("Invite"),
      makeLink: text("Make the link"),
      later: text("Later"),
    },
  },
};

export type OperatorTexts = typeof enOperator;
