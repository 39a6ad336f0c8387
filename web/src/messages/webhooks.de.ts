/** German texts about webhooks and their deliveries. */
import type { WebhookTexts } from "./webhooks.en";

const number = new Intl.NumberFormat("de");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

export const deWebhook: WebhookTexts = {
  webhooks: {
    title: "Webhooks",
    lead: "Adressen deiner App, an die Änderungen gesandt werden, eine nach der anderen und in ihrer Reihenfolge.",
    create: "Neuer Webhook",
    emptyTitle: "Noch kein Webhook",
    empty:
      "Ein Webhook ist eine Adresse deiner App. Jede Änderung einer Person oder Gruppe wird binnen Augenblicken dorthin gesandt, signiert, der Reihe nach und so lange, bis deine App sie angenommen hat.",
    more: "Wie eine App sie prüft und annimmt",
    name: "Name",
    state: "Stand",
    waiting: "Es warten",
    none: "keine",
    states: {
      parked: "Stillgelegt",
      paused: "Angehalten",
      failing: "Scheitert",
      behind: "Unterwegs",
      working: "Läuft",
    },
    form: {
      name: "Name",
      nameHint: "Wie du ihn nennst, etwa nach der App und ihrer Stufe.",
      url: "Adresse",
      urlHint: "Beginnt mit https und ist aus dem Internet zu erreichen.",
      gets: "Was er bekommt",
      choices: {
        all: "Alle Änderungen",
        User: "Änderungen von Personen",
        Group: "Änderungen von Gruppen",
        some: "Nur manche Arten",
      },
      types: "Arten",
      noType: "Wähle wenigstens eine Art.",
      begins:
        "Er bekommt, was sich von jetzt an ändert. Was vorher war, kommt mit einem Abbild oder durch erneutes Senden.",
      createTitle: "Neuer Webhook",
      create: "Webhook anlegen",
      editTitle: (name) => `„${name}“ ändern`,
      edit: "Speichern",
    },
    secret: {
      title: (name) => `Geheimnis von „${name}“`,
      once: "Nur dieses eine Mal wird das Geheimnis gezeigt. Bewahre es im Geheimnisspeicher deiner App auf: Damit weiß sie, dass eine Nachricht von uns ist.",
      label: "Geheimnis der Signatur",
      stored: "Ich habe es gespeichert",
      question: "Jetzt schließen? Das Geheimnis kann nicht noch einmal gezeigt werden; du müsstest es wechseln.",
      keepOpen: "Offen lassen",
      closeAnyway: "Ohne Speichern schließen",
    },
  },
  webhook: {
    screen: "Webhook",
    back: "Webhooks",
    actions: "Weitere Handlungen",
    pause: "Anhalten",
    resume: "Fortsetzen",
    test: "Test senden",
    edit: "Ändern",
    rotate: "Geheimnis wechseln",
    replay: "Änderungen erneut senden",
    remove: "Webhook löschen",
    parked:
      "Es wird nichts mehr gesandt: Drei Tage lang ging es nicht, oder die App sagte, dass es sie nicht mehr gibt. Seit",
    paused: "Es wird nichts gesandt. Änderungen warten und gehen der Reihe nach ab, sobald er fortgesetzt wird.",
    failing: (reason, attempts) =>
      `Der letzte Versuch scheiterte: ${reason} (bisher ${count(attempts, "Versuch", "Versuche")}). Seit`,
    next: "Nächster Versuch",
    behind:
      "Änderungen, die er nicht bekommen hat, werden nicht mehr aufbewahrt. Eine eigene Nachricht sagt es ihm; deine App muss mit einem Abbild neu beginnen.",
    id: "Kennung",
    url: "Adresse",
    gets: "Bekommt",
    getsAll: "alle Änderungen",
    getsOf: { User: "Änderungen von Personen", Group: "Änderungen von Gruppen" },
    delivered: "Zugestellt bis",
    deliveredOf: (seq, last) => `${number.format(seq)} von ${number.format(last)}`,
    waits: (n) => (n === 0 ? "nichts wartet" : count(n, "Änderung wartet", "Änderungen warten")),
    secret: "Geheimnis seit",
    oldSecret: "Das vorige signiert mit bis",
    created: "Angelegt",
    tested: {
      delivered: (status, millis) => `Der Test kam an: ${status ?? "ohne Status"} in ${number.format(millis)} ms.`,
      other: (reason) => `Der Test kam nicht an: ${reason}`,
      see: "Antwort ansehen",
    },
    rotating: {
      title: (name) => `Geheimnis von „${name}“ wechseln?`,
      lead: "Eine Zeit lang signieren beide Geheimnisse, damit deine App wechseln kann, ohne eine Nachricht abzulehnen.",
      keep: "Das alte Geheimnis signiert mit für",
      hours: (n) =>
        n === 0 ? "gar nicht" : n % 24 === 0 ? count(n / 24, "Tag", "Tage") : count(n, "Stunde", "Stunden"),
      action: "Geheimnis wechseln",
    },
    replaying: {
      title: (name) => `Änderungen erneut an „${name}“ senden?`,
      from: "Erneut senden, was nach dieser Änderung kam",
      fromHint: (last) => `Eine Nummer von 0 bis ${number.format(last)}, der neuesten Änderung.`,
      wrong: "Diese Nummer gibt es nicht.",
      effect: (n, filtered) =>
        n === 0
          ? "Danach kam nichts."
          : `${filtered ? "Bis zu " : ""}${count(n, "Änderung wird", "Änderungen werden")} erneut gesandt, einzeln und der Reihe nach. Eine App, die die Nummer zusammen mit dem Übernommenen festhält, nimmt keine zweimal.`,
      action: (n) => `${count(n, "Änderung", "Änderungen")} erneut senden`,
    },
    deleting: {
      title: (name) => `„${name}“ löschen?`,
      effect:
        "Von diesem Augenblick an wird ihm nichts mehr gesandt. Sein Geheimnis und seine Zustellungen sind fort. Das ist endgültig.",
      waiting: (n) => `${count(n, "wartende Änderung wird", "wartende Änderungen werden")} nie gesandt.`,
      action: "Webhook löschen",
    },
  },
  deliveries: {
    title: "Zustellungen",
    what: "Was",
    outcome: "Ausgang",
    outcomes: { delivered: "Zugestellt", refused: "Abgelehnt", failed: "Gescheitert", blocked: "Gesperrt" },
    hints: {
      delivered: "Deine App hat sie angenommen.",
      refused: "Deine App hat geantwortet und sie nicht angenommen.",
      failed: "Es kam keine Antwort.",
      blocked: "Die Adresse darf nicht gerufen werden, deshalb wurde nichts gesandt.",
    },
    oneResource: "Eine Person oder Gruppe",
    change: (seq) => `Änderung ${number.format(seq)}`,
    test: "ein Test",
    gap: "Änderungen, die nicht mehr aufbewahrt werden",
    attempt: (n) => `Versuch ${number.format(n)}`,
    time: "Zeit",
    took: "Dauer",
    milliseconds: (ms) => `${number.format(ms)} ms`,
    emptyTitle: "Noch nichts gesandt",
    empty:
      "Zustellungen der letzten 30 Tage stehen hier mit dem, was deine App antwortete. Sende einen Test, um die erste zu sehen.",
    screen: "Zustellung",
    close: "Schließen",
    message: "Kennung der Nachricht",
    sequence: "Änderung",
    openChange: (seq) => `Änderung ${number.format(seq)} öffnen`,
    before: "Davor gesandt",
    applied: "Deine App hat übernommen bis",
    reason: "Warum",
    request: "Gesandt",
    answer: "Geantwortet",
    noAnswer: "Keine Antwort.",
    headers: "Kopfzeilen",
    body: "Inhalt",
    similar: "Alles dazu",
    resend: "Erneut senden",
    resent: {
      delivered: "Erneut gesandt, und es kam an.",
      other: (reason) => `Erneut gesandt, und es kam nicht an: ${reason}`,
    },
    since: "Alles seitdem erneut senden",
  },
};
