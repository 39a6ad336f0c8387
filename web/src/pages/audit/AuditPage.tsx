import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { useEffect, useRef } from "react";
import { auditQuery } from "../../api/audit";
import type { AuditEntry } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { Missing } from "../../components/Missing";
import { TenantPage } from "../../components/TenantPage";
import { useList } from "../../components/useList";
import { useSearchState } from "../../components/useSearchState";
import { useSession } from "../../components/useSession";
import { AuditMessages, useAuditMessages } from "../../messages/audit";
import { type AuditSearch, routes, searches } from "../../routes";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { useMedia } from "../../ui/media";
import { PageHeader } from "../../ui/PageHeader";
import { useShortcuts } from "../../ui/shortcuts";
import { type TableHandle, VirtualTable } from "../../ui/VirtualTable";
import { AuditPanel, AuditSheet } from "./AuditDetail";
import "./audit.css";
import { columns } from "./columns";
import { choices, setFilters } from "./filters";

/** Who changed what in a tenant. */
export function AuditPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="audit:read">
      {(data) => (
        <AuditMessages.Load>
          <Audit tenant={tenant} name={data.name} />
        </AuditMessages.Load>
      )}
    </TenantPage>
  );
}

/** Who changed what in the service itself. */
export function ServiceAuditPage() {
  const { rights } = useSession();
  if (!rights.includes("system:audit")) return <Missing />;
  return (
    <AuditMessages.Load>
      <Audit tenant={undefined} name={undefined} />
    </AuditMessages.Load>
  );
}

/** List and detail beside each other where there is room, one at a time where there is not. */
function Audit({ tenant, name }: { tenant: string | undefined; name: string | undefined }) {
  const messages = useAuditMessages();
  const { audit: texts } = messages;
  const title = tenant === undefined ? messages.menu.serviceAudit : texts.title;
  const [search, change] = useSearchState(searches.audit);
  const query = useInfiniteQuery({ ...auditQuery(tenant, search), ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const navigate = useNavigate();
  const wide = useMedia("(min-width: 1100px)");
  const table = useRef<TableHandle>(null);
  const address = (next: AuditSearch) =>
    tenant === undefined ? routes.serviceAudit(next) : routes.audit(tenant, next);

  const { sel } = search;
  const back = useRef<string>(undefined);
  const open = (entry: AuditEntry, replace = false) => change({ sel: String(entry.seq) }, { replace });
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
    list: title,
    tenant,
    seq: Number(sel),
    known: rows.find((entry) => String(entry.seq) === sel),
    listHref: address({ ...search, sel: undefined }),
    onlyHref: (only: AuditSearch) => address(only),
  };
  if (detail && !wide) return <AuditSheet {...detail} />;
  const set = setFilters(search, change, messages);
  return (
    <>
      <PageHeader title={title} trail={[name]} lead={tenant === undefined ? texts.serviceLead : texts.lead} />
      <FilterBar
        filters={choices(search, change, messages)}
        fixed={set.filter(({ id }) => !["act", "span"].includes(id))}
      />
      <div className="fill fill-wide audit-layout" data-detail={detail ? "" : undefined}>
        <div className="audit-list">
          <ListBody
            query={query}
            count={rows.length}
            filters={set}
            onClearAll={() => void navigate({ href: address({}) })}
            empty={
              <EmptyState icon={ScrollText} title={texts.emptyTitle}>
                {texts.empty}
              </EmptyState>
            }
            foot={<ListFoot loaded={rows.length} more={more} what={texts.what} />}
          >
            <VirtualTable
              ref={table}
              label={title}
              rows={rows}
              columns={columns(messages)}
              idOf={(entry) => String(entry.seq)}
              hrefOf={(entry) => address({ ...search, sel: String(entry.seq) })}
              selected={sel}
              more={more}
              onEnd={onEnd}
              onOpen={open}
              onMove={(entry) => sel !== undefined && open(entry, true)}
            />
          </ListBody>
        </div>
        {detail && <AuditPanel {...detail} />}
      </div>
    </>
  );
}
