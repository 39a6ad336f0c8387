/** English texts about how the service itself runs. */
import type { System } from "../api/types";
import { bytesIn, lastingIn } from "./measure";

type Check = System["checks"][number]["name"];
type History = System["migrations"][number]["history"];

const number = new Intl.NumberFormat("en");
const rate = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
const text = (value: string): string => value;
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;
const lasting = lastingIn("en");

export const enCondition = {
  condition: {
    checks: text("Self checks"),
    passed: text("As it should be"),
    failed: text("Not as it should be"),
    check: {
      database: text("The database answers"),
      writable: text("Data can be written"),
      clock: text("The database's clock shows the same time"),
      public_url: text("The public URL is https, or this machine's own"),
    } satisfies Record<Check, string>,
    remedy: {
      database: text("Look at whether the database runs and can be reached from this machine."),
      writable: text("Look at whether the disk is full or read-only, or the database is a read-only copy."),
      clock: text("Set both clocks by NTP: what ends by itself ends too early or too late."),
      public_url: text(
        "Tokens travel in clear. Put a proxy with TLS in front and set public_url to its https address.",
      ),
    } satisfies Record<Check, string>,
    answered: (millis: number) => `within ${lasting(Math.max(1, millis))}`,
    apart: (millis: number) => (millis < 1_000 ? "less than 1 s apart" : `${lasting(millis)} apart`),

    hour: text("The last hour"),
    hourHint: (minutes: number) =>
      minutes < 60 ? `Of this node, since its start ${count(minutes, "minute", "minutes")} ago.` : "Of this node.",
    requests: text("Requests"),
    rate: text("A minute"),
    perMinute: (n: number) => rate.format(n),
    hourFailed: text("Failed on our side"),
    hourRejected: text("Rejected"),
    share: (n: number, all: number) =>
      n === 0 || all === 0 ? number.format(n) : `${number.format(n)} (${percent.format(n / all)})`,
    times: text("Half, 95 % and 99 % answered within"),

    failing: text("Failing tenants"),
    noFailing: text("No tenant fails"),
    refused: text("Not accepted, 24 h"),
    ofAll: (refused: string, requests: string) => `${refused} of ${requests}`,
    allFailing: text("Show all that fail"),

    service: text("Service"),
    size: text("Size of the data"),
    bytes: bytesIn("en"),

    queues: text("Queues of this node"),
    waitingWrites: text("Writes that wait"),
    waitingLog: text("Log entries that wait"),
    waiting: (n: number, longest: number | undefined) =>
      longest === undefined ? number.format(n) : `${number.format(n)}, the longest for ${lasting(longest)}`,
    lostLog: text("Log entries lost"),
    lostHint: text(
      "Since this node started. They could not be written for a minute; the requests themselves were done.",
    ),

    nodes: text("Nodes"),
    nodesHint: text("Those of the last day. Each says every ten seconds that it is there."),
    noNode: text("No node has said yet that it is there. One does within ten seconds of its start."),
    node: text("Node"),
    address: text("Listens on"),
    seen: text("Last seen"),
    state: text("State"),
    present: text("Running"),
    gone: text("Not seen"),
    current: text("answers you"),

    retention: text("Retention"),
    noRetention: text("There was no round yet. The first comes a minute after the start, then one every hour."),
    last: text("Last round"),
    removed: text("Removed"),
    rows: (n: number) => count(n, "row", "rows"),
    cutShort: text("Cut short; the next round goes on"),
    took: text("Took"),
    lasting,
    next: text("Next round"),

    migrations: text("Migrations"),
    history: { directory: text("Directory"), sync_log: text("Sync log") } satisfies Record<History, string>,
    made: (n: number, newest: string) => `${number.format(n)} made, the newest is ${newest}`,

    configuration: text("Configuration in force"),
    configurationHint: text("Of this node. Secrets that are set are named and not shown."),
    noConfiguration: text("Everything is as it is without a configuration."),
    setting: text("Setting"),
    value: text("Value"),
    hidden: text("Set, hidden"),
  },
};

export type ConditionTexts = typeof enCondition;
