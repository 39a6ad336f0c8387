import { useQuery } from "@tanstack/react-query";
import { latestChangesQuery } from "../api/directory";
import type { Change, Tenant } from "../api/types";
import { useMessages } from "../messages";
import { TimelineMessages, useTimelineMessages } from "../messages/timeline";
import { routes, searches } from "../routes";
import { ButtonLink } from "../ui/Button";
import { Chip, Notice } from "../ui/Chip";
import { CopyId } from "../ui/Copy";
import { PageHeader } from "../ui/PageHeader";
import { Fact, Facts } from "../ui/Stat";
import { Time } from "../ui/Time";
import { BackLink } from "./BackLink";
import { changeSentence } from "./ChangeList";
import { Loaded } from "./Loaded";
import { Missing } from "./Missing";
import { Timeline } from "./timeline/Timeline";
import { useSearchState } from "./useSearchState";

type GoneProps = { tenant: Tenant; slug: string; id: string; about: "user" | "group" };

/** The page of somebody who was deleted, told from what is left: by whom, when, and the story before. */
export function Gone({ tenant, slug, id, about }: GoneProps) {
  const query = useQuery({ ...latestChangesQuery(slug, { limit: 1, resource: id }), refetchInterval: false });
  const kind = about === "user" ? "User" : "Group";
  return (
    <Loaded query={query} heads missing>
      {([last]) =>
        last?.type.endsWith(".deleted") && last.resourceType === kind ? (
          <TimelineMessages.Load>
            <Past tenant={tenant} slug={slug} id={id} about={about} deletion={last} />
          </TimelineMessages.Load>
        ) : (
          <Missing />
        )
      }
    </Loaded>
  );
}

function Past({ tenant, slug, id, about, deletion }: GoneProps & { deletion: Change }) {
  const messages = useMessages();
  const { gone, who } = useTimelineMessages();
  const [search, change] = useSearchState(searches.story);
  const texts = messages[about];
  const request = tenant.rights.includes("log:read") ? deletion.requestId : undefined;
  return (
    <>
      <PageHeader
        title={deletion.resourceName ?? id}
        trail={[texts.screen, tenant.name]}
        before={<BackLink href={about === "user" ? routes.users(slug) : routes.groups(slug)}>{texts.back}</BackLink>}
        lead={<Chip tone="plain">{who.away}</Chip>}
      />
      <Notice
        tone="plain"
        actions={request && <ButtonLink href={routes.logEvent(slug, request)}>{gone.request}</ButtonLink>}
      >
        {changeSentence(deletion, messages)}, <Time at={deletion.at} exact /> (<Time at={deletion.at} />)
      </Notice>
      <section className="card card-pad contained">
        <Facts>
          <Fact label={messages.user.id}>
            <CopyId value={id} what={messages.user.id} />
          </Fact>
        </Facts>
      </section>
      <Timeline tenant={tenant} slug={slug} of={id} about={about} search={search} change={change} />
    </>
  );
}
