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
  },
};

export type OperatorTexts = typeof enOperator;
