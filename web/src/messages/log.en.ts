/** English texts of what the sync log keeps and of taking it away, which come with their pages. */
import { enHappened } from "./happened.en";
import { enRemedies } from "./remedies.en";

const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;

export const enLog = {
  ...enHappened,
  remedy: enRemedies,
  searching: {
    cause: text("Cause"),
    over: text("Took over"),
    milliseconds: (ms: number) => (ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`),
    connection: text("Connection"),
    export: text("Export"),
    formats: { csv: text("As CSV, for spreadsheets"), ndjson: text("As NDJSON, one object a line") },
  },
  said: {
    views: text("Views of the request"),
    event: text("What happened"),
    request: text("Request"),
    answer: text("Answer"),
    headers: text("Headers"),
    body: text("Body"),
    noBody: text("No body, or none that was read."),
    nothing: text("Nothing was kept of what was said: the tenant's settings say so, or there was too much at once."),
    masked: text("Values that may say who somebody is are shown as their kind and length. Secrets are never kept."),
    full: text("As it came. Secrets are never kept."),
    length: (bytes: number) => `${number.format(bytes)} bytes`,
    cut: (bytes: number) => `Only the beginning is kept of ${number.format(bytes)} bytes.`,
    lookups: text("Looked up just before"),
    wording: text("In the service's words"),
    holder: (name: string | undefined) => (name === undefined ? "Who holds it" : `Who holds it: ${name}`),
    copyCurl: text("Copy as curl"),
    curl: {
      token: text("First: export SCIM_TOKEN=… with a token of this connection"),
      masked: text("The body is masked: put values where their kind and length stand."),
      cut: text("Only the beginning of the body was kept."),
    },
    fault: (line: number, column: number) => `It could not be read any further at line ${line}, column ${column}.`,
  },
  keeping: {
    title: text("What is kept, and for how long"),
    bodies: text("Headers and bodies of requests and answers"),
    policies: {
      off: text("Nothing of them"),
      masked: text("Masked"),
      full: text("In full"),
    },
    hints: {
      off: text("Only what happened, by whom and why."),
      masked: text("Names of attributes, kinds and lengths; ids, operators, paths and “active” stay readable."),
      full: text("As they came, up to 16 KiB each. People who may only look still see them masked."),
    },
    secrets: text(
      "Passwords, tokens and client secrets are never kept. A change counts for requests from now on; what is kept stays as it is.",
    ),
    days: text("Requests are kept for"),
    changeDays: text("Changes are kept for"),
    daysOf: (days: number) => (days === 1 ? "1 day" : `${number.format(days)} days`),
    save: text("Save"),
  },
  target: {
    title: text("When changes are to be applied"),
    lead: text(
      "An app says up to which change it has applied all. Whoever has not done so in time is late: the service's log says so, and a measure counts it.",
    ),
    field: text("A change is acknowledged within"),
    never: text("No time: nobody is late"),
    span: (seconds: number) => {
      if (seconds % 86_400 === 0) return seconds === 86_400 ? "1 day" : `${number.format(seconds / 86_400)} days`;
      if (seconds % 3600 === 0) return seconds === 3600 ? "1 hour" : `${number.format(seconds / 3600)} hours`;
      if (seconds % 60 === 0) return seconds === 60 ? "1 minute" : `${number.format(seconds / 60)} minutes`;
      return seconds === 1 ? "1 second" : `${number.format(seconds)} seconds`;
    },
    save: text("Save"),
  },
};

export type LogTexts = typeof enLog;
