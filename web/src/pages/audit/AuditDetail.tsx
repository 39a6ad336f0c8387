/** One entry: who did what to what, from where, with before and after. Panel or page. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { auditEntryQuery } from "../../api/audit";
import type { AuditEntry } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { Loaded } from "../../components/Loaded";
import { useAuditMessages } from "../../messages/audit";
import type { AuditSearch } from "../../routes";
import { ButtonLink, IconButton } from "../../ui/Button";
import { CopyId } from "../../ui/Copy";
import { Diff } from "../../ui/Diff";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { actorOf, subjectOf } from "./columns";

type Place = {
  /** The list's title. */
  list: string;
  tenant: string | undefined;
  seq: number;
  /** The entry, when the list holds it. */
  known: AuditEntry | undefined;
  /** The list without the entry. */
  listHref: string;
  /** The list with nothing but some filters. */
  onlyHref: (only: AuditSearch) => string;
};

function useEntry({ tenant, seq, known }: Place) {
  return useQuery({ ...auditEntryQuery(tenant, seq), ...(known ? { initialData: known } : {}) });
}

export function AuditPanel(place: Place) {
  const { audit: texts } = useAuditMessages();
  const query = useEntry(place);
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // Opening moves the focus into the panel; walking on with J and K leaves it in the list.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="audit-panel card" aria-labelledby="audit-entry">
      <div className="audit-panel-head">
        <h2 id="audit-entry" ref={heading} tabIndex={-1}>
          {query.data ? texts.acts[query.data.act] : texts.screen}
        </h2>
        <IconButton label={texts.close} icon={X} onPress={() => void navigate({ href: place.listHref })} />
      </div>
      <div className="audit-panel-body">
        <Loaded query={query}>{(entry) => <Found entry={entry} place={place} partAs="h3" />}</Loaded>
      </div>
    </aside>
  );
}

export function AuditSheet(place: Place) {
  const { audit: texts } = useAuditMessages();
  const query = useEntry(place);
  return (
    <>
      <PageHeader
        title={query.data ? texts.acts[query.data.act] : texts.screen}
        trail={[place.list]}
        before={<BackLink href={place.listHref}>{place.list}</BackLink>}
      />
      <Loaded query={query}>{(entry) => <Found entry={entry} place={place} partAs="h2" />}</Loaded>
    </>
  );
}

/** `partAs` keeps the order of headings right: the page has its `h1` above, the panel its `h2`. */
type PartAs = "h2" | "h3";

function Found({ entry, place, partAs }: { entry: AuditEntry | null; place: Place; partAs: PartAs }) {
  const { audit: texts } = useAuditMessages();
  return entry ? (
    <AuditDetail entry={entry} onlyHref={place.onlyHref} partAs={partAs} />
  ) : (
    <p className="muted">{texts.none}</p>
  );
}

export function AuditDetail({
  entry,
  onlyHref,
  partAs: Part,
}: {
  entry: AuditEntry;
  onlyHref: Place["onlyHref"];
  partAs: PartAs;
}) {
  const messages = useAuditMessages();
  const { audit: texts } = messages;
  const { before, after, actor, subject } = entry;
  return (
    <div className="audit-entry contained">
      <Facts>
        <Fact label={texts.time}>
          <Time at={entry.at} exact />{" "}
          <span className="quiet">
            (<Time at={entry.at} />)
          </span>
        </Fact>
        <Fact label={texts.actor}>{actorOf(entry, messages)}</Fact>
        {entry.address && (
          <Fact label={texts.address}>
            <code>{entry.address}</code>
          </Fact>
        )}
        <Fact label={texts.subject}>
          {subject.name && <span className="quiet">{texts.subjects[subject.kind]} </span>}
          {subjectOf(entry, messages)}
        </Fact>
      </Facts>
      {(before || after) && (
        <section className="stack-tight">
          <Part className="audit-part">{texts.changed}</Part>
          <Diff before={before} after={after} />
        </section>
      )}
      <div className="row">
        {subject.id && <ButtonLink href={onlyHref({ subject: subject.id })}>{texts.allOfSubject}</ButtonLink>}
        {actor.id && <ButtonLink href={onlyHref({ actor: actor.id })}>{texts.allOfActor}</ButtonLink>}
      </div>
      <section className="stack-tight">
        <Part className="audit-part">{texts.proof}</Part>
        <Facts>
          <Fact label={texts.number}>{messages.number(entry.seq)}</Fact>
          {entry.requestId && (
            <Fact label={texts.requestId}>
              <CopyId value={entry.requestId} what={texts.requestId} />
            </Fact>
          )}
          <Fact label={texts.hash}>
            <code className="audit-hash">{entry.hash}</code>
          </Fact>
        </Facts>
      </section>
    </div>
  );
}
