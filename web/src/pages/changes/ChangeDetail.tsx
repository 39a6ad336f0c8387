/** One change: what it was, what it changed, which request made it, who has applied it. Panel or page. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Terminal, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { acknowledgementsQuery, changeQuery } from "../../api/changes";
import type { Change, Tenant } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { actorOf, addressOfChange, ChangeBody, changeSentence } from "../../components/ChangeList";
import { Loaded } from "../../components/Loaded";
import { useFeedMessages } from "../../messages/feed";
import { routes } from "../../routes";
import { Button, ButtonLink, IconButton } from "../../ui/Button";
import { StateText } from "../../ui/Chip";
import { useCopy } from "../../ui/Copy";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { feedCurl } from "./curl";

type Place = {
  tenant: Tenant;
  slug: string;
  seq: number;
  /** The change, when the list holds it. */
  known: Change | undefined;
  /** The list without the change. */
  listHref: string;
};

const useChange = ({ slug, seq, known }: Place) =>
  useQuery({ ...changeQuery(slug, seq), ...(known ? { initialData: known } : {}) });

export function ChangePanel(place: Place) {
  const { feed: texts } = useFeedMessages();
  const query = useChange(place);
  const navigate = useNavigate();
  const heading = useRef<HTMLHeadingElement>(null);
  // Opening moves the focus into the panel; walking on with J and K leaves it in the list.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <aside className="log-panel card" aria-labelledby="change-title">
      <div className="log-panel-head">
        <h2 id="change-title" ref={heading} tabIndex={-1}>
          {texts.screen(place.seq)}
        </h2>
        <IconButton label={texts.close} icon={X} onPress={() => void navigate({ href: place.listHref })} />
      </div>
      <div className="log-panel-body">
        <Loaded query={query}>{(change) => <Found change={change} place={place} partAs="h3" />}</Loaded>
      </div>
    </aside>
  );
}

export function ChangeSheet(place: Place) {
  const { feed: texts } = useFeedMessages();
  const query = useChange(place);
  return (
    <>
      <PageHeader
        title={texts.screen(place.seq)}
        trail={[texts.title, place.tenant.name]}
        before={<BackLink href={place.listHref}>{texts.title}</BackLink>}
      />
      <Loaded query={query}>{(change) => <Found change={change} place={place} partAs="h2" />}</Loaded>
    </>
  );
}

/** `partAs` keeps the order of headings right: the page has its `h1` above, the panel its `h2`. */
type PartAs = "h2" | "h3";

function Found({ change, place, partAs }: { change: Change | null; place: Place; partAs: PartAs }) {
  const { feed: texts } = useFeedMessages();
  return change ? (
    <ChangeDetail change={change} tenant={place.tenant} slug={place.slug} partAs={partAs} />
  ) : (
    <p className="muted">{texts.none}</p>
  );
}

type DetailProps = { change: Change; tenant: Tenant; slug: string };

export function ChangeDetail({ change, tenant, slug, partAs: Part }: DetailProps & { partAs: PartAs }) {
  const messages = useFeedMessages();
  const { feed: texts } = messages;
  const { rolesAdded = [], rolesRemoved = [] } = change;
  const told = change.before || change.after || change.membersAdded || change.membersRemoved;
  return (
    <div className="event contained">
      <div className="stack-tight">
        <p className="event-sentence">{changeSentence(change, messages)}</p>
        <Facts>
          <Fact label={texts.time}>
            <Time at={change.at} exact />{" "}
            <span className="quiet">
              (<Time at={change.at} />)
            </span>
          </Fact>
          <Fact label={texts.type}>
            <code>{change.type}</code>
          </Fact>
          <Fact label={texts.actor}>{actorOf(change, messages)}</Fact>
          <Fact label={texts.version}>{messages.number(change.version)}</Fact>
          {change.requestId && (
            <Fact label={texts.request}>
              {tenant.rights.includes("log:read") ? (
                <Link href={routes.logEvent(slug, change.requestId)}>{texts.openRequest}</Link>
              ) : (
                <code>{change.requestId}</code>
              )}
            </Fact>
          )}
        </Facts>
      </div>
      <Actions change={change} tenant={tenant} slug={slug} />
      <section className="stack-tight">
        <Part>{texts.changed}</Part>
        {rolesAdded.length > 0 && (
          <p>
            {texts.rolesAdded}: {rolesAdded.join(", ")}
          </p>
        )}
        {rolesRemoved.length > 0 && (
          <p>
            {texts.rolesRemoved}: {rolesRemoved.join(", ")}
          </p>
        )}
        {told ? (
          <ChangeBody change={change} tenant={slug} />
        ) : (
          rolesAdded.length + rolesRemoved.length === 0 && <p className="muted">{texts.nothing}</p>
        )}
      </section>
      <section className="stack-tight">
        <Part>{texts.applied}</Part>
        <Applied change={change} slug={slug} />
      </section>
    </div>
  );
}

function Actions({ change, tenant, slug }: DetailProps) {
  const { feed: texts, changes, copy: words } = useFeedMessages();
  const curl = useCopy();
  const href = addressOfChange(slug, change);
  return (
    <div className="row">
      {href && <ButtonLink href={href}>{texts.open(change.resourceName ?? changes.nameless)}</ButtonLink>}
      <ButtonLink href={routes.changes(slug, { resource: change.resourceId })}>{texts.similar}</ButtonLink>
      <Button icon={Terminal} onPress={() => void curl.copy(feedCurl(tenant, change.seq))}>
        {curl.copied ? words.done : texts.copyCurl}
      </Button>
      <span role="status" className={curl.copied === false ? "field-error" : "visually-hidden"}>
        {curl.copied === true && words.done}
        {curl.copied === false && words.refused}
      </span>
    </div>
  );
}

/** Who has applied it: with the time where the service keeps it, else from how far each reader is now. */
function Applied({ change, slug }: { change: Change; slug: string }) {
  const { feed: texts } = useFeedMessages();
  const query = useQuery(acknowledgementsQuery(slug));
  const known = change.acknowledged ?? [];
  return (
    <Loaded query={query}>
      {({ readers }) =>
        readers.length + known.length === 0 ? (
          <p className="muted">{texts.nobody}</p>
        ) : (
          <ul className="stack-tight">
            {known.map(({ reader, at, seconds }) => (
              <li key={reader.id} title={at}>
                <StateText tone="ok">{texts.appliedAfter(reader.name, seconds)}</StateText>
              </li>
            ))}
            {readers
              .filter(({ reader }) => known.every((one) => one.reader.id !== reader.id))
              .map(({ reader, seq }) => (
                <li key={reader.id}>
                  {seq >= change.seq ? (
                    <StateText tone="ok">{texts.appliedBy(reader.name)}</StateText>
                  ) : (
                    <StateText tone="info">{texts.notYet(reader.name)}</StateText>
                  )}
                </li>
              ))}
          </ul>
        )
      }
    </Loaded>
  );
}
