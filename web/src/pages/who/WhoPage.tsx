/** What happened to a name: also one that nobody has any more, or that nobody ever had. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { eventQuery } from "../../api/log";
import { timelineQuery } from "../../api/timeline";
import type { Tenant, TimelineSubject } from "../../api/types";
import { addressOf } from "../../components/ask";
import { keepRows } from "../../components/ListBody";
import { Loaded } from "../../components/Loaded";
import { Redirect } from "../../components/Redirect";
import { TenantPage } from "../../components/TenantPage";
import { Timeline } from "../../components/timeline/Timeline";
import { useSearchState } from "../../components/useSearchState";
import { TimelineMessages, useTimelineMessages } from "../../messages/timeline";
import { isId, routes, searches } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { Chip, Notice } from "../../ui/Chip";
import { Field } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";

export function WhoPage() {
  const { tenant = "" } = useParams({ strict: false });
  const [{ of }] = useSearchState(searches.who);
  return (
    <TimelineMessages.Load>
      <TenantPage slug={tenant} right="changes:read">
        {(data) =>
          of === undefined ? (
            <Unasked tenant={data} slug={tenant} />
          ) : (
            <Asked key={of} tenant={data} slug={tenant} of={of} />
          )
        }
      </TenantPage>
    </TimelineMessages.Load>
  );
}

function Unasked({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { who: texts } = useTimelineMessages();
  return (
    <>
      <PageHeader title={texts.ask} trail={[tenant.name]} lead={<p className="muted">{texts.lead}</p>} />
      <Ask slug={slug} label={texts.field} />
    </>
  );
}

function Asked({ tenant, slug, of }: { tenant: Tenant; slug: string; of: string }) {
  const { who: texts } = useTimelineMessages();
  const [search] = useSearchState(searches.who);
  const story = useInfiniteQuery({ ...timelineQuery(slug, of, search.reads === "1"), ...keepRows });
  const first = story.data?.pages[0];
  const unknown = first?.items.length === 0 && known(first.subjects).length === 0;
  const mayBeRequest = unknown && isId(of) && tenant.rights.includes("log:read");
  const request = useQuery({ ...eventQuery(slug, of), enabled: mayBeRequest });
  const [only, ...others] = known(first?.subjects ?? []);
  if (only?.here && others.length === 0) return <Redirect href={pageOf(slug, only)} />;
  if (request.data) return <Redirect href={routes.logEvent(slug, of)} />;
  return (
    <>
      <PageHeader title={of} trail={[texts.screen, tenant.name]} />
      <Ask slug={slug} label={texts.another} />
      {!(mayBeRequest && request.isPending) && (
        <Loaded query={{ ...story, data: first }}>
          {({ subjects }) => <Answer tenant={tenant} slug={slug} of={of} subjects={known(subjects)} />}
        </Loaded>
      )}
    </>
  );
}

function Answer({
  tenant,
  slug,
  of,
  subjects,
}: {
  tenant: Tenant;
  slug: string;
  of: string;
  subjects: TimelineSubject[];
}) {
  const { who: texts, changes } = useTimelineMessages();
  const [search, change] = useSearchState(searches.who);
  const [only, ...others] = subjects;
  const nameOf = ({ name, id }: TimelineSubject) => name ?? id;
  return (
    <>
      {only === undefined && <Notice tone="plain">{isId(of) ? texts.nothing : texts.nobody}</Notice>}
      {only && others.length === 0 && (
        <Notice tone="info" actions={<ButtonLink href={pageOf(slug, only)}>{changes.open(nameOf(only))}</ButtonLink>}>
          {texts.one(nameOf(only))}
        </Notice>
      )}
      {others.length > 0 && (
        <section className="card card-pad stack-tight">
          <h2>{texts.several}</h2>
          <ul className="stack-tight">
            {subjects.map((subject) => (
              <li key={subject.id} className="row">
                <Link href={pageOf(slug, subject)}>{nameOf(subject)}</Link>
                <Chip tone={subject.here ? "ok" : "plain"}>{subject.here ? texts.here : texts.away}</Chip>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Timeline
        tenant={tenant}
        slug={slug}
        of={of}
        about="name"
        search={search}
        change={change}
        next={<ButtonLink href={routes.users(slug, { q: of })}>{texts.inUsers}</ButtonLink>}
      />
    </>
  );
}

/** Asks for a name; Enter or the button goes there. */
function Ask({ slug, label }: { slug: string; label: string }) {
  const { who: texts } = useTimelineMessages();
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element of that name is for several forms
    <form
      role="search"
      className="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") void navigate({ href: addressOf(slug, typed) });
      }}
    >
      <Field label={label} value={typed} onChange={setTyped} maxLength={512} />
      <Button type="submit">{texts.find}</Button>
    </form>
  );
}

/** Those of whom it is known what they are. */
const known = (subjects: TimelineSubject[]) => subjects.filter(({ resourceType }) => resourceType !== undefined);

const pageOf = (slug: string, { id, resourceType }: TimelineSubject) =>
  resourceType === "Group" ? routes.group(slug, id, { tab: "history" }) : routes.user(slug, id);
