/** What a request did, in the reader's language: the service's own sentence is English. */
import type { SyncEventSummary } from "../api/types";
import { type CauseTexts, causeText } from "../messages/cause";
import type { HappenedTexts } from "../messages/happened.en";

type Texts = HappenedTexts["happened"];
type Form = [begins: RegExp, told: (texts: Texts, whom: string, numbers: number[]) => string];

/** The forms of the service's sentences. Names may hold anything, so the form that ends in its words comes first. */
const forms: Form[] = [
  [/ was already as sent; nothing changed$/, (texts, whom) => texts.unchanged(whom)],
  [/^Created /, (texts, whom) => texts.created(whom)],
  [/^Updated /, (texts, whom) => texts.updated(whom)],
  [/^Deleted /, (texts, whom) => texts.deleted(whom)],
  [/^Looked for someone who is not here$/, (texts) => texts.nobody],
  [/^Looked up one resource$/, (texts) => texts.one],
  [/^Listed(?:, (\d+) found)?$/, (texts, _, [found]) => texts.listed(found)],
  [/^Read what the service can do$/, (texts) => texts.discovered],
  [/^Read /, (texts, whom) => texts.read(whom)],
  [/^Gave an access token$/, (texts) => texts.token],
  [
    /^Bulk of (\d+) operations, (\d+) of them refused/,
    (texts, _, [all, refused]) => texts.bulkRefused(all ?? 0, refused ?? 0),
  ],
  [/^Bulk(?: of (\d+) operations)?$/, (texts, _, [all]) => texts.bulk(all)],
];

/** In a few words: what was done, or whom it was refused for. */
export function headline(event: SyncEventSummary, { happened: texts }: HappenedTexts): string {
  const { outcome, resourceName, resourceType, sentence } = event;
  const whom = resourceName ?? (resourceType ? texts.types[resourceType] : texts.service);
  for (const [begins, told] of forms) {
    const found = begins.exec(sentence);
    const numbers = found?.slice(1).flatMap((digits) => (digits ? [Number(digits)] : []));
    if (numbers) return told(texts, whom, numbers);
  }
  return outcome === "accepted" ? sentence : texts[outcome](resourceName);
}

/** In a sentence: why it was refused, or what was done and what is still missing. */
export function happened(event: SyncEventSummary, texts: HappenedTexts, causes: CauseTexts | undefined): string {
  const { cause, idp, resourceName, outcome, sentence } = event;
  const done = headline(event, texts);
  const text = cause && causeText(causes, cause.code);
  if (!cause || !text) return done;
  const why = text.sentence({ params: cause.params ?? {}, idp, who: resourceName });
  return outcome === "accepted" || sentence.startsWith("Bulk of ") ? `${done}. ${why}` : why;
}
