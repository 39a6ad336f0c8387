import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import { tenantsQuery } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { Missing } from "../../components/Missing";
import { HealthChip } from "../../components/Outcome";
import { useList } from "../../components/useList";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { useSession } from "../../components/useSession";
import { type Messages, useMessages } from "../../messages";
import { routes, searches } from "../../routes";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { PageHeader } from "../../ui/PageHeader";
import { Time } from "../../ui/Time";
import { type Column, VirtualTable } from "../../ui/VirtualTable";
import { NewTenantDialog } from "./NewTenantDialog";

export function TenantsPage() {
  const session = useSession();
  return session.admin.operator || session.rights.includes("tenants:list") ? <Tenants /> : <Missing />;
}

function Tenants() {
  const messages = useMessages();
  const { tenants: texts } = messages;
  const session = useSession();
  const [search, change] = useSearchState(searches.tenants);
  const query = useInfiniteQuery({ ...tenantsQuery({ search: search.q }), ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  const input = useListKeys();
  const open = (tenant: Tenant) => void navigate({ href: routes.tenant(tenant.slug) });
  const create = session.rights.includes("tenants:create") && (
    <Button variant="primary" icon={Plus} onPress={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHeader title={texts.title} actions={create} />
      <FilterBar
        search={{
          label: texts.search,
          placeholder: texts.search,
          value: search.q ?? "",
          onChange: (q) => change({ q }, { replace: search.q !== undefined }),
          ref: input,
        }}
      />
      <ListBody
        query={query}
        count={rows.length}
        filters={search.q ? [{ id: "q", label: `“${search.q}”`, onClear: () => change({ q: undefined }) }] : []}
        onClearAll={() => change({ q: undefined })}
        empty={
          <EmptyState icon={Building2} title={texts.emptyTitle} actions={create}>
            {texts.empty}
          </EmptyState>
        }
        foot={<ListFoot loaded={rows.length} more={more} what={texts.title} />}
      >
        <VirtualTable
          label={texts.title}
          rows={rows}
          columns={columns(messages)}
          idOf={(tenant) => tenant.id}
          hrefOf={(tenant) => routes.tenant(tenant.slug)}
          more={more}
          onEnd={onEnd}
          onOpen={open}
        />
      </ListBody>
      <NewTenantDialog
        isOpen={creating}
        onClose={() => setCreating(false)}
        onCreated={(tenant) => {
          setCreating(false);
          open(tenant);
        }}
      />
    </>
  );
}

function columns(messages: Messages): Column<Tenant>[] {
  const { tenants: texts, idps, idpsShort, noIdp, number, time } = messages;
  const open = (tenant: Tenant) => tenant.connections.filter((connection) => connection.state === "open");
  return [
    {
      id: "name",
      head: texts.name,
      cell: (tenant) => (
        <>
          {tenant.name}
          <span className="cell-sub">
            {tenant.state === "active" ? texts.health[tenant.health] : texts.states[tenant.state]} ·{" "}
            {number(tenant.people.total)} {texts.people}
          </span>
        </>
      ),
    },
    { id: "slug", head: texts.new.slug, width: "16%", from: "wide", cell: (tenant) => <code>{tenant.slug}</code> },
    {
      id: "idp",
      head: texts.idp,
      width: "15%",
      from: "middle",
      cell: (tenant) => {
        const connections = open(tenant);
        if (connections.length === 0) return <span className="quiet">{noIdp}</span>;
        return (
          <span title={connections.map((connection) => idps[connection.idp]).join(", ")}>
            {[...new Set(connections.map((connection) => idpsShort[connection.idp]))].join(", ")}
          </span>
        );
      },
    },
    {
      id: "people",
      head: texts.people,
      width: "88px",
      number: true,
      from: "narrow",
      cell: (tenant) => number(tenant.people.total),
    },
    {
      id: "groups",
      head: texts.groups,
      width: "80px",
      number: true,
      from: "wide",
      cell: (tenant) => number(tenant.groups),
    },
    {
      id: "last",
      head: texts.lastRequest,
      width: "132px",
      from: "middle",
      cell: (tenant) =>
        tenant.lastRequestAt ? <Time at={tenant.lastRequestAt} /> : <span className="quiet">{time.never}</span>,
    },
    {
      id: "end",
      head: texts.credentialEnd,
      width: "140px",
      from: "wide",
      cell: (tenant) =>
        tenant.nextCredentialEnd ? (
          <>
            {texts.ends} <Time at={tenant.nextCredentialEnd.endsAt} past={false} />
          </>
        ) : (
          <span className="quiet">–</span>
        ),
    },
    {
      id: "state",
      head: texts.state,
      width: "196px",
      from: "narrow",
      cell: (tenant) => <HealthChip tenant={tenant} />,
    },
  ];
}
