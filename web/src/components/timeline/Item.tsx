/** One thing that happened: what it was, what it changed or why it was refused, and where it came from. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Change, SyncEventSummary, TimelineItem, TimelineSubject } from "../../api/types";
import { useCauses } from "../../messages";
import { causeText } from "../../messages/cause";
import { useTimelineMessages } from "../../messages/timeline";
import { routes } from "../../routes";
import { type Tone, toneIcons } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { ChangeBody } from "../ChangeList";
import { headline } from "../happened";
import { outcomeTone } from "../Outcome";
import { Remedies, Repairs } from "../Repairs";
import { isStuck, Sent } from "./Sent";
import { brief, isForeign, isRead, storySentence, type Texts } from "./story";

type ItemProps = {
  slug: string;
  item: TimelineItem;
  /** Whose story it is. */
  subjects: TimelineSubject[];
  utc: boolean;
  mayLog: boolean;
};

export function Item({ slug, item, subjects, utc, mayLog }: ItemProps) {
  const messages = useTimelineMessages();
  const { story: texts, log, time } = messages;
  const { request, changes, repairs } = item;
  const at = new Date(item.at);
  const tone: Tone =
    !request || changes.length > 0 ? "ok" : request.outcome === "accepted" ? "plain" : outcomeTone[request.outcome];
  return (
    <li className="told">
      <time className="quiet nowrap" dateTime={at.toISOString()} title={time.exact(at)}>
        {texts.clock(at, utc)}
      </time>
      <span className="told-tone" data-tone={tone}>
        <Icon of={toneIcons[tone]} />
        {request && <span className="visually-hidden">{log.outcomes[request.outcome]}</span>}
      </span>
      <div className="told-what">
        {changes.map((change) => (
          <Changed key={change.seq} slug={slug} change={change} sentence={storySentence(change, subjects, messages)} />
        ))}
        {request?.outcome === "accepted" && changes.length === 0 && !request.cause && (
          <p>{didNothing(request, messages)}</p>
        )}
        {request && (request.outcome !== "accepted" || request.cause) && <Why slug={slug} request={request} />}
        {repairs.length > 0 && (
          <>
            <Repairs repairs={repairs} />
            <Opening summary={texts.avoid}>
              {() => <Remedies repairs={repairs} idp={request?.idp} remedy={messages.remedy} />}
            </Opening>
          </>
        )}
        <From slug={slug} item={item} subjects={subjects} mayLog={mayLog} />
      </div>
    </li>
  );
}

/** Where it came from and where it leads: the IdP, the request, the groups it was about. */
function From({ slug, item, subjects, mayLog }: Omit<ItemProps, "utc">) {
  const { story: texts, changes: words, idpsShort } = useTimelineMessages();
  const { request, changes } = item;
  const requestId = mayLog ? (request?.id ?? changes[0]?.requestId) : undefined;
  const groups = changes.filter((change) => isForeign(change, subjects));
  if (!request && !requestId && groups.length === 0) return null;
  return (
    <p className="told-from small quiet">
      {request && <span>{named(request, idpsShort)}</span>}
      {request && (
        <span className="mono">
          {request.method} {request.status}
        </span>
      )}
      {requestId && (
        <Link href={routes.logEvent(slug, requestId)}>
          {texts.request} <code>{requestId.slice(-12)}</code>
        </Link>
      )}
      {groups.map((change) => (
        <Link key={change.seq} href={routes.group(slug, change.resourceId)}>
          {texts.openGroup(change.resourceName ?? words.nameless)}
        </Link>
      ))}
    </p>
  );
}

/** Who sent a request: the IdP, or the credential's name where no IdP is known. */
const named = ({ idp, credentialName }: SyncEventSummary, idps: Texts["idpsShort"]) =>
  idp && idp !== "other" ? idps[idp] : credentialName;

/** What a request was that was taken and changed nothing. */
function didNothing(request: SyncEventSummary, texts: Texts): string {
  const { story, idpsShort, changes } = texts;
  const about = {
    who: named(request, idpsShort) ?? changes.actors.connection,
    whom: request.resourceName ?? changes.nameless,
  };
  if (!isRead(request)) return story.unchanged(about);
  return request.resourceId ? story.read(about) : headline(request, texts);
}

/** Opens in place; what is inside is drawn once somebody wants to see it. */
function Opening({ summary, children }: { summary: ReactNode; children: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="change" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon of={ChevronRight} />
        <span className="change-sentence">{summary}</span>
      </summary>
      {open && <div className="change-body">{children()}</div>}
    </details>
  );
}

function Changed({ slug, change, sentence }: { slug: string; change: Change; sentence: string }) {
  const texts = useTimelineMessages();
  const short = brief(change, texts);
  return (
    <Opening
      summary={
        <>
          {sentence}
          {short && (
            <span className="told-brief small quiet">
              {short.text}
              {short.one && (
                <>
                  {" "}
                  {short.one.before ?? texts.diff.absent} → {short.one.after ?? texts.diff.absent}
                </>
              )}
            </span>
          )}
          {change.acknowledged?.map(({ reader, at, seconds }) => (
            <span key={reader.id} className="told-brief small quiet" title={texts.time.exact(new Date(at))}>
              {texts.story.acknowledged({ name: reader.name, seconds })}
            </span>
          ))}
          {change.deliveries?.filter(isStuck).map(({ webhookId, name }) => (
            <span key={webhookId} className="told-brief small quiet">
              {texts.story.stuck(name)}
            </span>
          ))}
        </>
      }
    >
      {() => (
        <>
          <ChangeBody change={change} tenant={slug} />
          <Sent slug={slug} deliveries={change.deliveries ?? []} />
        </>
      )}
    </Opening>
  );
}

/** Why a request was refused or what is still missing, in plain words, with what to do one press away. */
function Why({ slug, request }: { slug: string; request: SyncEventSummary }) {
  const messages = useTimelineMessages();
  const { story: texts } = messages;
  const causes = useCauses();
  const { cause, idp, resourceName } = request;
  const text = cause && causeText(causes, cause.code);
  if (!cause || !text) return <p>{headline(request, messages)}</p>;
  const context = { params: cause.params ?? {}, idp, who: resourceName };
  const steps = text.steps(context);
  const holder = cause.params?.holder;
  return (
    <>
      <p>{text.sentence(context)}</p>
      {steps.length > 0 && (
        <Opening summary={texts.todo}>
          {() => (
            <>
              <ol className="steps-to-do">
                {steps.map((step) => (
                  <li key={step}>{step}</li>
                ))}
              </ol>
              {holder && <Link href={routes.who(slug, { of: holder })}>{texts.holder}</Link>}
            </>
          )}
        </Opening>
      )}
    </>
  );
}
