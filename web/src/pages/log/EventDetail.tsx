/** One request: what happened, why, what to do, what was repaired, what it changed. Panel or page. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ClipboardList, Link2, SquareTerminal, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { groupQuery, userQuery } from "../../api/directory";
import { eventQuery } from "../../api/log";
import { tenantQuery } from "../../api/tenants";
import type { SyncEvent } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { ChangeList } from "../../components/ChangeList";
import { headline } from "../../components/happened";
import { Loaded } from "../../components/Loaded";
import { OutcomeText, outcomeTone } from "../../components/Outcome";
import { Remedies, Repairs } from "../../components/Repairs";
import { useSearchState } from "../../components/useSearchState";
import { useCauses, useMessages } from "../../messages";
import { causeText } from "../../messages/cause";
import { LogMessages, useLogMessages } from "../../messages/log";
import { routes, searches } from "../../routes";
import { Button, ButtonLink, IconButton } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { CopyId, useCopy } from "../../ui/Copy";
import { Link } from "../../ui/Link";
import { useMedia } from "../../ui/media";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { useShortcuts } from "../../ui/shortcuts";
import { Tabs } from "../../ui/Tabs";
import { Time } from "../../ui/Time";
import { curlOf } from "./curl";
import { leadsOf } from "./leads";
import "./log.css";
import { Said } from "./Said";
import { supportNote } from "./supportNote";

export function EventDetail() {
  const { tenant = "", event = "" } = useParams({ strict: false });
  const wide = useMedia("(min-width: 1100px)");
  return wide ? <Panel slug={tenant} id={event} /> : <Page slug={tenant} id={event} />;
}

function Panel({ slug, id }: { slug: string; id: string }) {
  const { event: texts } = useMessages();
  const query = useQuery(eventQuery(slug, id));
  const [search] = useSearchState(searches.log);
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // Opening moves the focus into the panel; walking on with J and K leaves it in the list.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="log-panel card" aria-labelledby="event-title">
      <div className="log-panel-head">
        <h2 id="event-title" ref={heading} tabIndex={-1}>
          {texts.screen}
        </h2>
        <IconButton
          label={texts.close}
          icon={X}
          onPress={() => void navigate({ href: routes.log(slug, { ...search, tab: undefined }) })}
        />
      </div>
      <div className="log-panel-body">
        <LogMessages.Load>
          <Loaded query={query}>{(event) => <Detail slug={slug} event={event} sentenceAs="h3" />}</Loaded>
        </LogMessages.Load>
      </div>
    </aside>
  );
}

function Page({ slug, id }: { slug: string; id: string }) {
  const { event: texts, log } = useMessages();
  const query = useQuery(eventQuery(slug, id));
  const [search] = useSearchState(searches.log);
  const navigate = useNavigate();
  useShortcuts({ Escape: () => void navigate({ href: routes.log(slug, { ...search, tab: undefined }) }) });
  return (
    <>
      <PageHeader
        title={query.data ? `${query.data.status} ${query.data.method} ${query.data.path}` : texts.screen}
        trail={[log.title]}
        before={<BackLink href={routes.log(slug, { ...search, tab: undefined })}>{texts.back}</BackLink>}
      />
      <LogMessages.Load>
        <Loaded query={query} missing>
          {(event) => <Detail slug={slug} event={event} sentenceAs="h2" />}
        </Loaded>
      </LogMessages.Load>
    </>
  );
}

/** `sentenceAs` keeps the order of headings right: the page has its `h1` above, the panel its `h2`. */
function Detail({ slug, event, sentenceAs: Sentence }: { slug: string; event: SyncEvent; sentenceAs: "h2" | "h3" }) {
  const messages = useLogMessages();
  const { log, said } = messages;
  const [search, change] = useSearchState(searches.log);
  return (
    <div className="event contained">
      <div className="stack-tight">
        <div className="row">
          <Chip tone={outcomeTone[event.outcome]}>
            {event.status} {log.outcomes[event.outcome]}
          </Chip>
          <code className="event-request">
            {event.method} {event.path}
          </code>
        </div>
        <Sentence className="event-sentence">{headline(event, messages)}</Sentence>
      </div>
      <Tabs
        label={said.views}
        value={search.tab ?? "event"}
        onChange={(tab) => change({ tab: tab === "event" ? undefined : tab }, { replace: true })}
        tabs={[
          { id: "event", label: said.event, content: () => <What slug={slug} event={event} /> },
          { id: "request", label: said.request, content: () => <Said event={event} side="request" /> },
          { id: "answer", label: said.answer, content: () => <Said event={event} side="answer" /> },
        ]}
      />
    </div>
  );
}

function What({ slug, event }: { slug: string; event: SyncEvent }) {
  const { event: texts, said, remedy } = useLogMessages();
  return (
    <div className="event">
      <Cause slug={slug} event={event} />
      <Actions slug={slug} event={event} />
      {event.repairList.length > 0 && (
        <Part title={texts.repairs}>
          <Repairs repairs={event.repairList} />
          <Remedies repairs={event.repairList} idp={event.idp} remedy={remedy} />
        </Part>
      )}
      {event.method !== "GET" && (event.outcome === "accepted" || event.changes.length > 0) && (
        <Part title={texts.changes}>
          {event.changes.length === 0 ? (
            <p className="muted">{texts.noChange}</p>
          ) : (
            <div className="card event-changes">
              <ChangeList tenant={slug} changes={event.changes} />
            </div>
          )}
        </Part>
      )}
      {event.lookups.length > 0 && (
        <Part title={said.lookups}>
          <LookUps slug={slug} event={event} />
        </Part>
      )}
      <Part title={texts.facts}>
        <EventFacts slug={slug} event={event} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="stack-tight">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** What the connection looked up before it sent this. */
function LookUps({ slug, event }: { slug: string; event: SyncEvent }) {
  const [search] = useSearchState(searches.log);
  const messages = useLogMessages();
  return (
    <ul className="stack-tight">
      {event.lookups.map((lookup) => (
        <li key={lookup.id} className="row">
          <OutcomeText event={lookup} />
          <Link href={routes.logEvent(slug, lookup.id, { ...search, tab: undefined })}>
            {headline(lookup, messages)}
          </Link>
          <span className="small quiet">
            <code>
              {lookup.method} {lookup.path}
            </code>{" "}
            · <Time at={lookup.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Cause({ slug, event }: { slug: string; event: SyncEvent }) {
  const { event: texts } = useMessages();
  const causes = useCauses();
  const text = event.cause && causeText(causes, event.cause.code);
  if (!event.cause || !text) return null;
  const context = { params: event.cause.params ?? {}, idp: event.idp, who: event.resourceName };
  const steps = text.steps(context);
  const holder = event.cause.params?.holder;
  return (
    <div className="event-cause" data-tone={outcomeTone[event.outcome]}>
      <h3>{texts.why}</h3>
      <p>{text.sentence(context)}</p>
      {steps.length > 0 && (
        <>
          <h3>{texts.todo}</h3>
          <ol className="steps-to-do">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </>
      )}
      {holder && (
        <p>
          <Holder slug={slug} id={holder} type={event.resourceType} />
        </p>
      )}
    </div>
  );
}

/** Leads to whoever has what was asked for: of the same kind, as people and groups are unique among their own. */
function Holder({ slug, id, type }: { slug: string; id: string; type: SyncEvent["resourceType"] }) {
  const { said } = useLogMessages();
  const { data: user } = useQuery({ ...userQuery(slug, id), enabled: type === "User" });
  const { data: group } = useQuery({ ...groupQuery(slug, id), enabled: type === "Group" });
  const name = group?.displayName ?? user?.name ?? user?.displayName ?? user?.userName;
  if (type === "User") return <Link href={routes.user(slug, id)}>{said.holder(name)}</Link>;
  if (type === "Group") return <Link href={routes.group(slug, id)}>{said.holder(name)}</Link>;
  return <Link href={routes.who(slug, { of: id })}>{said.holder(name)}</Link>;
}

function Actions({ slug, event }: { slug: string; event: SyncEvent }) {
  const { event: texts, users, copy: words } = useMessages();
  const { said } = useLogMessages();
  const scimUrl = useQuery(tenantQuery(slug)).data?.scimUrl;
  const link = useCopy();
  const note = useCopy();
  const curl = useCopy();
  const copies = [link, note, curl];
  const refused = copies.some(({ copied }) => copied === false);
  const address = new URL(routes.logEvent(slug, event.id), window.location.origin).toString();
  const { resourceId, resourceType, resourceName } = event;
  const [name] = event.identifiers;
  const { page, who } = leadsOf(slug, event);
  return (
    <div className="row">
      {page && <ButtonLink href={page}>{texts.open(resourceName ?? resourceType ?? "")}</ButtonLink>}
      {resourceId && <ButtonLink href={routes.log(slug, { resource: resourceId })}>{texts.similar}</ButtonLink>}
      {who && (
        <ButtonLink href={routes.who(slug, { of: who })}>{users.whatHappened(name ?? resourceName ?? who)}</ButtonLink>
      )}
      <Button icon={Link2} onPress={() => void link.copy(address)}>
        {link.copied ? words.done : texts.copyLink}
      </Button>
      <Button icon={ClipboardList} onPress={() => void note.copy(supportNote(event))}>
        {note.copied ? words.done : texts.copyNote}
      </Button>
      {/* Whoever asks for an access token sends a secret, which is never kept. */}
      {scimUrl !== undefined && event.operation !== "token" && (
        <Button icon={SquareTerminal} onPress={() => void curl.copy(curlOf(event, scimUrl, said.curl))}>
          {curl.copied ? words.done : said.copyCurl}
        </Button>
      )}
      <span role="status" className={refused ? "field-error" : "visually-hidden"}>
        {copies.some(({ copied }) => copied) && words.done}
        {refused && words.refused}
      </span>
    </div>
  );
}

function EventFacts({ slug, event }: { slug: string; event: SyncEvent }) {
  const { event: texts, log, idps, idpSeen, said } = useLogMessages();
  const [search] = useSearchState(searches.log);
  const { credentialId: credential, credentialName } = event;
  return (
    <Facts>
      <Fact label={texts.time}>
        <Time at={event.at} exact />{" "}
        <span className="quiet">
          (<Time at={event.at} />)
        </span>
      </Fact>
      {event.operation && <Fact label={texts.operation}>{event.operation}</Fact>}
      {event.query && (
        <Fact label={texts.query}>
          <code>{event.query}</code>
        </Fact>
      )}
      {event.outcome !== "accepted" && (
        <Fact label={said.wording}>
          <span lang="en">{event.sentence}</span>
        </Fact>
      )}
      {event.scimType && (
        <Fact label={texts.scimType}>
          <code>{event.scimType}</code>
        </Fact>
      )}
      {event.idp && <Fact label={texts.idp}>{idpSeen(idps[event.idp], event.idpConfidence)}</Fact>}
      {credentialName && (
        <Fact label={texts.credential}>
          {credential === undefined ? (
            credentialName
          ) : (
            <Link href={routes.log(slug, { ...search, tab: undefined, credential })}>{credentialName}</Link>
          )}
        </Fact>
      )}
      <Fact label={texts.address}>
        <code>{event.address}</code>
      </Fact>
      {event.userAgent && <Fact label={texts.userAgent}>{event.userAgent}</Fact>}
      <Fact label={texts.duration}>{log.milliseconds(event.durationMs)}</Fact>
      {event.identifiers.length > 0 && <Fact label={texts.identifiers}>{event.identifiers.join(", ")}</Fact>}
      <Fact label={texts.requestId}>
        <CopyId value={event.requestId} what={texts.requestId} />
      </Fact>
    </Facts>
  );
}
