/** What happened to somebody, newest first, by day: changes and requests in one story. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Minus, SearchX } from "lucide-react";
import { Fragment, type ReactNode, useId } from "react";
import { timelineQuery } from "../../api/timeline";
import type { Tenant, TimelineItem, TimelineSubject } from "../../api/types";
import { TimelineMessages, useTimelineMessages } from "../../messages/timeline";
import { usePreferences } from "../../preferences";
import { routes, type StorySearch, storyKinds } from "../../routes";
import { Button } from "../../ui/Button";
import { useNow } from "../../ui/clock";
import { EmptyState } from "../../ui/Feedback";
import { Link } from "../../ui/Link";
import { FailureBox } from "../FailureBox";
import { keepRows } from "../ListBody";
import { Loaded } from "../Loaded";
import { useList } from "../useList";
import { Item } from "./Item";
import { byDay, dayName, isShown, kindsOf, type StoryKind } from "./story";
import "./Timeline.css";

export type TimelineProps = {
  tenant: Tenant;
  slug: string;
  /** An id, or any name. */
  of: string;
  about: "user" | "group" | "name";
  search: StorySearch;
  change: (part: { [K in keyof StorySearch]?: StorySearch[K] | undefined }) => void;
  /** What to do where nothing is known. */
  next?: ReactNode;
};

/** The whole story with its filters, and its texts. */
export function Timeline(props: TimelineProps) {
  return (
    <TimelineMessages.Load>
      <Story {...props} />
    </TimelineMessages.Load>
  );
}

function Story({ tenant, slug, of, about, search, change, next }: TimelineProps) {
  const { story: texts } = useTimelineMessages();
  const id = useId();
  const query = useInfiniteQuery({ ...timelineQuery(slug, of, search.reads === "1"), ...keepRows });
  const { rows } = useList(query);
  const mayLog = tenant.rights.includes("log:read");
  const subjects = query.data?.pages[0]?.subjects ?? [];
  const shown = rows.filter((item) => isShown(kindsOf(item, subjects), search));
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{texts.title}</h2>
        {mayLog && <Link href={routes.log(slug, about === "name" ? { q: of } : { resource: of })}>{texts.inLog}</Link>}
      </div>
      {(rows.length > 0 || subjects.length > 0 || about !== "name") && (
        <Kinds mayLog={mayLog} search={search} change={change} />
      )}
      {query.isFetching && query.isPlaceholderData && <div className="progress-line" />}
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <EmptyState icon={SearchX} title={texts.emptyTitle} actions={next}>
              {about === "name" && !mayLog ? texts.emptyChanges : texts.empty[about]}
            </EmptyState>
          ) : (
            <>
              {shown.length === 0 && <p className="card-pad muted">{texts.hidden}</p>}
              <Days slug={slug} items={shown} subjects={subjects} mayLog={mayLog} />
              {query.isFetchNextPageError && <FailureBox error={query.error} onRetry={() => query.fetchNextPage()} />}
              {query.hasNextPage && (
                <div className="card-pad">
                  <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                    {texts.earlier}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** One switch for each kind of item that the reader may see. */
function Kinds({ mayLog, search, change }: Pick<TimelineProps, "search" | "change"> & { mayLog: boolean }) {
  const { story: texts } = useTimelineMessages();
  const kinds: StoryKind[] = mayLog ? [...storyKinds, "reads"] : ["changes", "memberships"];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent, and draws a frame
    <div className="told-kinds" role="group" aria-label={texts.shown}>
      {kinds.map((kind) => {
        const isOn = kind === "reads" ? search.reads === "1" : search[kind] === undefined;
        return (
          <Button
            key={kind}
            icon={isOn ? Check : Minus}
            aria-pressed={isOn}
            onPress={() =>
              change(kind === "reads" ? { reads: isOn ? undefined : "1" } : { [kind]: isOn ? "0" : undefined })
            }
          >
            {texts.kinds[kind]}
          </Button>
        );
      })}
    </div>
  );
}

function Days({
  items,
  ...rest
}: {
  slug: string;
  items: TimelineItem[];
  subjects: TimelineSubject[];
  mayLog: boolean;
}) {
  const messages = useTimelineMessages();
  const id = useId();
  const utc = usePreferences().times === "utc";
  const now = useNow();
  return byDay(items, utc).map((day) => (
    <Fragment key={day.key}>
      <h3 id={`${id}${day.key}`} className="told-day">
        {dayName(day, now, utc, messages)}
      </h3>
      <ol aria-labelledby={`${id}${day.key}`}>
        {day.items.map((item) => (
          <Item key={`${item.request?.id} ${item.changes[0]?.seq}`} item={item} utc={utc} {...rest} />
        ))}
      </ol>
    </Fragment>
  ));
}
