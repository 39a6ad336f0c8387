import { useNavigate, useParams } from "@tanstack/react-router";
import { ArrowUp, GitCommitVertical } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { may } from "../../api/rights";
import type { Change, Tenant } from "../../api/types";
import { ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { TenantPage } from "../../components/TenantPage";
import { useSearchState } from "../../components/useSearchState";
import { FeedMessages, useFeedMessages } from "../../messages/feed";
import { routes, searches } from "../../routes";
import { Button, ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { useMedia } from "../../ui/media";
import { PageHeader } from "../../ui/PageHeader";
import { useShortcuts } from "../../ui/shortcuts";
import { type TableHandle, VirtualTable } from "../../ui/VirtualTable";
import "../log/log.css";
import { ChangePanel, ChangeSheet } from "./ChangeDetail";
import { columns } from "./columns";
import { choices, setFilters } from "./filters";
import { InStep } from "./InStep";
import { useChanges } from "./useChanges";

/** What happened to people and groups, as apps that follow the changes get it. */
export function ChangesPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right={may.followChanges}>
      {(data) => (
        <FeedMessages.Load>
          <Changes tenant={data} slug={tenant} />
        </FeedMessages.Load>
      )}
    </TenantPage>
  );
}

/** List and detail beside each other where there is room, one at a time where there is not. */
function Changes({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const messages = useFeedMessages();
  const { feed: texts } = messages;
  const [search, change] = useSearchState(searches.changes);
  const { sel } = search;
  const [atTop, setAtTop] = useState(true);
  const changes = useChanges(slug, search, !atTop || sel !== undefined);
  const { query, rows } = changes;
  const navigate = useNavigate();
  const wide = useMedia("(min-width: 1100px)");
  const table = useRef<TableHandle>(null);

  const back = useRef<string>(undefined);
  const open = (row: Change, replace = false) => change({ sel: String(row.seq) }, { replace });
  const close = () => {
    if (sel === undefined) return false;
    change({ sel: undefined });
    table.current?.focusRow(sel);
    return true;
  };
  useShortcuts({ Escape: close });
  const listed = (sel === undefined || wide) && rows.length > 0;
  useEffect(() => {
    if (sel !== undefined) back.current = sel;
    else if (listed && back.current !== undefined) {
      table.current?.focusRow(back.current);
      back.current = undefined;
    }
  }, [sel, listed]);

  const detail = sel !== undefined && {
    tenant,
    slug,
    seq: Number(sel),
    known: rows.find((row) => String(row.seq) === sel),
    listHref: routes.changes(slug, { ...search, sel: undefined }),
  };
  if (detail && !wide) return <ChangeSheet {...detail} />;
  const set = setFilters(search, change, messages);
  const further = changes.lookFurther && <Button onPress={changes.lookFurther}>{texts.lookFurther}</Button>;
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} lead={texts.lead} />
      <InStep slug={slug} />
      <FilterBar filters={choices(search, change, messages)} fixed={set.filter(({ id }) => id === "resource")} />
      <div className="fill fill-wide log-layout" data-detail={detail ? "" : undefined}>
        <div className="log-list">
          {changes.waiting > 0 && (
            <div className="log-fresh">
              <Button
                icon={ArrowUp}
                variant="primary"
                onPress={() => {
                  changes.take();
                  table.current?.scrollToTop();
                }}
              >
                {texts.fresh(changes.waiting, changes.gap)}
              </Button>
            </div>
          )}
          <ListBody
            query={{ ...query, isPending: query.isPending || changes.searching }}
            count={rows.length}
            filters={set}
            onClearAll={() => void navigate({ href: routes.changes(slug) })}
            instead={further}
            empty={
              <EmptyState
                icon={GitCommitVertical}
                title={texts.emptyTitle}
                actions={
                  <>
                    {tenant.rights.includes("credentials:write") && (
                      <ButtonLink href={routes.setup(slug)}>{texts.toSetup}</ButtonLink>
                    )}
                    <ButtonLink href={routes.developers(slug)}>{texts.toDevelopers}</ButtonLink>
                  </>
                }
              >
                {texts.empty}
              </EmptyState>
            }
            foot={
              further ? (
                <>
                  <span>{texts.looked(changes.looked)}</span>
                  {further}
                </>
              ) : (
                <ListFoot loaded={rows.length} more={changes.more} what={texts.what} />
              )
            }
          >
            <VirtualTable
              ref={table}
              label={texts.title}
              rows={rows}
              columns={columns(messages)}
              idOf={(row) => String(row.seq)}
              hrefOf={(row) => routes.changes(slug, { ...search, sel: String(row.seq) })}
              selected={sel}
              more={changes.more}
              onEnd={changes.onEnd}
              onOpen={open}
              onMove={(row) => sel !== undefined && open(row, true)}
              onTop={setAtTop}
            />
          </ListBody>
        </div>
        {detail && <ChangePanel {...detail} />}
      </div>
    </>
  );
}
