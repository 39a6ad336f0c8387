import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import { tenantsQuery } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { Missing } from "../../components/Missing";
import { useList } from "../../components/useList";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { useSession } from "../../components/useSession";
import { OperatorMessages, useOperatorMessages } from "../../messages/operator";
import { routes, searches, standings, type TenantsSearch, tenantOrders } from "../../routes";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { type Filter, FilterBar } from "../../ui/FilterBar";
import { PageHeader } from "../../ui/PageHeader";
import { FilterSelect } from "../../ui/Select";
import { VirtualTable } from "../../ui/VirtualTable";
import { columnsOf, nameOf, type Order, topFirst } from "./columns";
import { FirstStepDialog } from "./FirstStepDialog";
import { NewTenantDialog } from "./NewTenantDialog";

export function TenantsPage() {
  const session = useSession();
  return session.admin.operator || session.rights.includes("tenants:list") ? (
    <OperatorMessages.Load>
      <Tenants />
    </OperatorMessages.Load>
  ) : (
    <Missing />
  );
}

/** The order of those who did not choose one. */
const CREATED = "created";

const filterOf = ({ q, standing, sort, desc }: TenantsSearch) => ({
  search: q,
  standing,
  sort,
  descending: desc === undefined ? undefined : true,
});

function Tenants() {
  const messages = useOperatorMessages();
  const { tenants: texts } = messages;
  const session = useSession();
  const [search, change] = useSearchState(searches.tenants);
  const query = useInfiniteQuery({ ...tenantsQuery(filterOf(search)), ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Tenant>();
  const navigate = useNavigate();
  const input = useListKeys();
  const open = (tenant: Tenant) => void navigate({ href: routes.tenant(tenant.slug) });
  const create = session.rights.includes("tenants:create") && (
    <Button variant="primary" icon={Plus} onPress={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  const onSort = (sort: Order | undefined) => {
    const other = sort === search.sort ? search.desc === undefined : sort !== undefined && topFirst.has(sort);
    change({ sort, desc: other ? "1" : undefined });
  };
  const nameOfStanding = (standing: (typeof standings)[number]) =>
    standing === "suspended" ? texts.states.suspended : texts.health[standing];
  const filters: Filter[] = [
    {
      id: "standing",
      label: texts.state,
      value: search.standing,
      options: standings.map((value) => ({ value, label: nameOfStanding(value) })),
      onChange: (standing) => change({ standing: standings.find((one) => one === standing) }),
    },
  ];
  const sort = (
    <FilterSelect
      label={messages.operator.sort}
      isSet={search.sort !== undefined}
      value={search.sort ?? CREATED}
      options={[
        { value: CREATED, label: messages.operator.created },
        ...tenantOrders.map((value) => ({ value, label: nameOf(messages, value) })),
      ]}
      onChange={(value) => onSort(tenantOrders.find((one) => one === value))}
    />
  );
  const set = [
    ...(search.q ? [{ id: "q", label: `“${search.q}”`, onClear: () => change({ q: undefined }) }] : []),
    ...(search.standing
      ? [
          {
            id: "standing",
            label: nameOfStanding(search.standing),
            onClear: () => change({ standing: undefined }),
          },
        ]
      : []),
  ];
  return (
    <>
      <PageHeader title={texts.title} actions={create} />
      <FilterBar
        filters={filters}
        search={{
          label: texts.search,
          placeholder: texts.search,
          value: search.q ?? "",
          onChange: (q) => change({ q }, { replace: search.q !== undefined }),
          ref: input,
        }}
      >
        {sort}
      </FilterBar>
      <ListBody
        query={query}
        count={rows.length}
        filters={set}
        onClearAll={() => change({ q: undefined, standing: undefined })}
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
          columns={columnsOf(messages, { search, onSort })}
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
          setMade(tenant);
        }}
      />
      {made && <FirstStepDialog tenant={made} onDone={() => open(made)} />}
    </>
  );
}
