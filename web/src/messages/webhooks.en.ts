/** English texts about webhooks and their deliveries. */
const number = new Intl.NumberFormat("en");
const text = (value: string): string => value;
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

export const enWebhook = {
  webhooks: {
    title: text("Webhooks"),
    lead: text("Addresses of your app that changes are sent to, one at a time and in their order."),
    create: text("New webhook"),
    emptyTitle: text("No webhook yet"),
    empty: text(
      "A webhook is an address of your app. Each change of a person or group is sent there within moments, signed, in order, and again until your app has taken it.",
    ),
    more: text("How an app verifies and takes them"),
    name: text("Name"),
    state: text("State"),
    waiting: text("Waiting"),
    none: text("none"),
    states: {
      parked: text("Parked"),
      paused: text("Paused"),
      failing: text("Failing"),
      behind: text("On its way"),
      working: text("Working"),
    },
    form: {
      name: text("Name"),
      nameHint: text("What you call it, such as the app and its stage."),
      url: text("Address"),
      urlHint: text("Begins with https and can be reached from the internet."),
      gets: text("What it gets"),
      choices: {
        all: text("All changes"),
        User: text("Changes of people"),
        Group: text("Changes of groups"),
        some: text("Only some types"),
      },
      types: text("Types"),
      noType: text("Choose at least one type."),
      begins: text("It gets what changes from now on. What was before comes by a snapshot, or by sending again."),
      createTitle: text("New webhook"),
      create: text("Create webhook"),
      editTitle: (name: string) => `Change “${name}”`,
      edit: text("Save"),
    },
    secret: {
      title: (name: string) => `Secret of “${name}”`,
      once: text(
        "This is the only time the secret is shown. Keep it in your app's secret store: with it your app knows that a message is ours.",
      ),
      label: text("Signing secret"),
      stored: text("I have stored it"),
      question: text("Close now? The secret cannot be shown again; you would have to rotate it."),
      keepOpen: text("Keep open"),
      closeAnyway: text("Close without storing"),
    },
  },
  webhook: {
    screen: text("Webhook"),
    back: text("Webhooks"),
    actions: text("More actions"),
    pause: text("Pause"),
    resume: text("Resume"),
    test: text("Send a test"),
    edit: text("Change"),
    rotate: text("Rotate secret"),
    replay: text("Send changes again"),
    remove: text("Delete webhook"),
    parked: text("Nothing is sent any more: it failed for three days, or its app said that it is gone. Since"),
    paused: text("Nothing is sent while it is paused. Changes wait, and are sent in their order once it is resumed."),
    failing: (reason: string, attempts: number) =>
      `The last try failed: ${reason} (${count(attempts, "try", "tries")} so far). Since`,
    next: text("Tried again"),
    behind: text(
      "Changes that it has not got are no longer kept. It is told so by a message of its own; your app has to begin anew with a snapshot.",
    ),
    id: text("Id"),
    url: text("Address"),
    gets: text("Gets"),
    getsAll: text("all changes"),
    getsOf: { User: text("changes of people"), Group: text("changes of groups") },
    delivered: text("Delivered up to"),
    deliveredOf: (seq: number, last: number) => `${number.format(seq)} of ${number.format(last)}`,
    waits: (n: number) => (n === 0 ? "nothing waits" : `${count(n, "change waits", "changes wait")}`),
    secret: text("Secret set"),
    oldSecret: text("The one before signs too until"),
    created: text("Created"),
    tested: {
      delivered: (status: number | undefined, millis: number) =>
        `The test arrived: ${status ?? "no status"} in ${number.format(millis)} ms.`,
      other: (reason: string) => `The test did not arrive: ${reason}`,
      see: text("See the answer"),
    },
    rotating: {
      title: (name: string) => `Rotate the secret of “${name}”?`,
      lead: text("For a while both secrets sign, so that your app can change over without a message that it refuses."),
      keep: text("The old secret signs too for"),
      hours: (n: number) =>
        n === 0 ? "not at all" : n % 24 === 0 ? count(n / 24, "day", "days") : count(n, "hour", "hours"),
      action: text("Rotate secret"),
    },
    replaying: {
      title: (name: string) => `Send changes again to “${name}”?`,
      from: text("Send again what came after change"),
      fromHint: (last: number) => `A number from 0 to ${number.format(last)}, the newest change.`,
      wrong: text("There is no such number."),
      effect: (n: number, filtered: boolean) =>
        n === 0
          ? "There is nothing after it."
          : `${filtered ? "Up to " : ""}${count(n, "change is", "changes are")} sent again, one at a time and in order. An app that keeps the number with what it applies takes none of them twice.`,
      action: (n: number) => `Send ${count(n, "change", "changes")} again`,
    },
    deleting: {
      title: (name: string) => `Delete “${name}”?`,
      effect: text(
        "Nothing is sent to it any more, from this moment on. Its secret and its deliveries are gone. This is final.",
      ),
      waiting: (n: number) => `${count(n, "change that waits is", "changes that wait are")} never sent.`,
      action: text("Delete webhook"),
    },
  },
  deliveries: {
    title: text("Deliveries"),
    what: text("What"),
    outcome: text("Outcome"),
    outcomes: {
      delivered: text("Delivered"),
      refused: text("Refused"),
      failed: text("Failed"),
      blocked: text("Blocked"),
    },
    hints: {
      delivered: text("Your app took it."),
      refused: text("Your app answered, and did not take it."),
      failed: text("No answer came."),
      blocked: text("The address may not be called, so nothing was sent."),
    },
    oneResource: text("One person or group"),
    change: (seq: number) => `change ${number.format(seq)}`,
    test: text("a test"),
    gap: text("changes that are no longer kept"),
    attempt: (n: number) => `try ${number.format(n)}`,
    time: text("Time"),
    took: text("Took"),
    milliseconds: (ms: number) => `${number.format(ms)} ms`,
    emptyTitle: text("Nothing sent yet"),
    empty: text(
      "Deliveries of the last 30 days stand here with what your app answered. Send a test to see the first one.",
    ),
    screen: text("Delivery"),
    close: text("Close"),
    message: text("Message id"),
    sequence: text("Change"),
    openChange: (seq: number) => `Open change ${number.format(seq)}`,
    before: text("Sent before it"),
    applied: text("Your app has applied up to"),
    reason: text("Why"),
    request: text("Sent"),
    answer: text("Answered"),
    noAnswer: text("No answer."),
    headers: text("Headers"),
    body: text("Body"),
    similar: text("All about this one"),
    resend: text("Send again"),
    resent: {
      delivered: text("Sent again, and it arrived."),
      other: (reason: string) => `Sent again, and it did not arrive: ${reason}`,
    },
    since: text("Send all since again"),
  },
};

export type WebhookTexts = typeof enWebhook;
