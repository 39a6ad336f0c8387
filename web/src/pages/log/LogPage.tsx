import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { Activity, ArrowUp, Pause, Play } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { credentialsQuery } from "../../api/credentials";
import type { SyncEventSummary, Tenant } from "../../api/types";
import { ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { TenantPage } from "../../components/TenantPage";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { useCauses } from "../../messages";
import { type CauseCode, causeText } from "../../messages/cause";
import { LogMessages, useLogMessages } from "../../messages/log";
import { routes, searches } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { StateText } from "../../ui/Chip";
import { CopyField, useCopy } from "../../ui/Copy";
import { EmptyState } from "../../ui/Feedback";
import { useMedia } from "../../ui/media";
import { PageHeader } from "../../ui/PageHeader";
import { useShortcuts } from "../../ui/shortcuts";
import { type TableHandle, VirtualTable } from "../../ui/VirtualTable";
import { columns } from "./columns";
import { ExportButton } from "./ExportButton";
import { credentialsOf, LogFilters, setFilters } from "./LogFilters";
import "./log.css";
import { useLiveEvents } from "./useLiveEvents";

export function LogPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="log:read">
      {(data) => (
        <LogMessages.Load>
          <LogLayout tenant={data} slug={tenant} />
        </LogMessages.Load>
      )}
    </TenantPage>
  );
}

/** List and detail beside each other where there is room, one at a time where there is not. */
function LogLayout({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { event } = useParams({ strict: false });
  const wide = useMedia("(min-width: 1100px)");
  const seen = useRef<string>(undefined);
  if (event !== undefined) seen.current = event;
  if (event !== undefined && !wide) return <Outlet />;
  return <Log tenant={tenant} slug={slug} selected={event} returnTo={event === undefined ? seen.current : undefined} />;
}

function Log({
  tenant,
  slug,
  selected,
  returnTo,
}: {
  tenant: Tenant;
  slug: string;
  selected: string | undefined;
  /** The row whose detail was open before, where list and detail take turns. */
  returnTo: string | undefined;
}) {
  const messages = useLogMessages();
  const { log: texts } = messages;
  const [address, change] = useSearchState(searches.log);
  const { tab } = address;
  const search = useMemo(() => {
    const { tab: _, ...filters } = address;
    return filters;
  }, [address]);
  const [paused, setPaused] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const table = useRef<TableHandle>(null);
  const navigate = useNavigate();
  const { copy } = useCopy();
  const mayCredentials = tenant.rights.includes("credentials:read");
  const credentials = useQuery({ ...credentialsQuery(slug), enabled: mayCredentials });
  const events = useLiveEvents(slug, search, { paused, hold: !atTop || selected !== undefined });
  const input = useListKeys();

  const [back] = useState(returnTo);
  const there = events.rows.length > 0;
  useEffect(() => {
    if (back !== undefined && there) table.current?.focusRow(back);
  }, [back, there]);

  const open = (event: SyncEventSummary, replace = false) =>
    void navigate({ href: routes.logEvent(slug, event.id, { ...search, tab }), replace });
  const close = () => {
    if (selected === undefined) return false;
    void navigate({ href: routes.log(slug, search) });
    table.current?.focusRow(selected);
    return true;
  };
  useShortcuts({
    Escape: close,
    c: () => (selected === undefined ? false : void copy(selected)),
    " ": (event) => {
      // On a button or a link the space bar belongs to it.
      if (event.target instanceof HTMLElement && event.target.closest("a, button, summary, [role=radio]")) return false;
      return setPaused(!paused);
    },
  });

  const causes = useCauses();
  const known = {
    credentials: useMemo(() => credentials.data ?? credentialsOf(events.rows), [credentials.data, events.rows]),
    connections: tenant.connections,
    causeOf: (code: CauseCode) => causeText(causes, code)?.short ?? code.replaceAll("_", " "),
  };
  const set = setFilters(search, change, messages, known);
  const clearAll = () => void navigate({ href: routes.log(slug) });
  return (
    <>
      <PageHeader
        title={texts.title}
        trail={[tenant.name]}
        actions={
          <>
            {search.to === undefined && (
              <>
                <span className="live" aria-live="polite">
                  <StateText tone={paused ? "plain" : "ok"}>{paused ? texts.paused : texts.live}</StateText>
                </span>
                <Button icon={paused ? Play : Pause} onPress={() => setPaused(!paused)}>
                  {paused ? texts.resume : texts.pause}
                </Button>
              </>
            )}
            <ExportButton slug={slug} search={search} />
          </>
        }
      />
      <LogFilters search={search} change={change} known={known} inputRef={input} />
      <div className="fill fill-wide log-layout" data-detail={selected === undefined ? undefined : ""}>
        <div className="log-list">
          {events.waiting > 0 && (
            <div className="log-fresh">
              <Button
                icon={ArrowUp}
                variant="primary"
                onPress={() => {
                  events.take();
                  table.current?.scrollToTop();
                }}
              >
                {texts.fresh(events.waiting, events.gap)}
              </Button>
            </div>
          )}
          <ListBody
            query={events.query}
            count={events.rows.length}
            filters={set}
            onClearAll={clearAll}
            empty={
              <EmptyState
                icon={Activity}
                title={texts.emptyTitle}
                actions={
                  mayCredentials && <ButtonLink href={routes.credentials(slug)}>{texts.toCredentials}</ButtonLink>
                }
              >
                <p>{texts.empty}</p>
                <div className="log-empty-url">
                  <CopyField label={messages.overview.scimUrl} value={tenant.scimUrl} />
                </div>
              </EmptyState>
            }
            foot={<ListFoot loaded={events.rows.length} more={events.more} what={texts.what} />}
          >
            <VirtualTable
              ref={table}
              label={texts.title}
              rows={events.rows}
              columns={columns(messages, causes)}
              idOf={(event) => event.id}
              hrefOf={(event) => routes.logEvent(slug, event.id, search)}
              selected={selected}
              more={events.more}
              onEnd={events.onEnd}
              onOpen={open}
              onMove={(event) => selected !== undefined && open(event, true)}
              onTop={setAtTop}
            />
          </ListBody>
        </div>
        {selected !== undefined && <Outlet />}
      </div>
    </>
  );
}
