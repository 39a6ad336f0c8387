/** The columns of the table of tenants, each sorted by its head. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { Button } from "react-aria-components";
import type { Tenant } from "../../api/types";
import { HealthChip } from "../../components/Outcome";
import type { useOperatorMessages } from "../../messages/operator";
import type { TenantsSearch, tenantOrders } from "../../routes";
import { StateText } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Time } from "../../ui/Time";
import type { Column } from "../../ui/VirtualTable";
import { DayBar } from "./DayBar";

type Texts = ReturnType<typeof useOperatorMessages>;
export type Order = (typeof tenantOrders)[number];
export type Sorting = { search: TenantsSearch; onSort: (order: Order) => void };

/** Numbers and times are first asked for from the top. */
export const topFirst: ReadonlySet<Order> = new Set(["people", "groups", "requests", "refused", "lastRequest"]);

/** Days before its end at which a credential is pointed out. */
const SOON = 30 * 24 * 3_600_000;

export function nameOf({ tenants: texts, operator }: Texts, order: Order): string {
  return {
    name: texts.name,
    slug: texts.new.slug,
    idp: texts.idp,
    people: texts.people,
    groups: texts.groups,
    requests: operator.requests,
    refused: operator.refused,
    lastRequest: texts.lastRequest,
    credentialEnd: texts.credentialEnd,
    standing: texts.state,
  }[order];
}

export function columnsOf(messages: Texts, sorting: Sorting): Column<Tenant>[] {
  const { tenants: texts, idps, idpsShort, noIdp, number, time } = messages;
  const open = (tenant: Tenant) => tenant.connections.filter((connection) => connection.state === "open");
  const column = (id: Order, rest: Omit<Column<Tenant>, "id" | "head" | "sorted">): Column<Tenant> => {
    const { sort, desc } = sorting.search;
    return {
      ...rest,
      id,
      head: <Head messages={messages} order={id} sorting={sorting} />,
      sorted: sort === id ? (desc ? "descending" : "ascending") : undefined,
    };
  };
  return [
    column("name", {
      cell: (tenant) => (
        <>
          {tenant.name}
          <span className="cell-sub">
            {tenant.state === "active" ? texts.health[tenant.health] : texts.states[tenant.state]} ·{" "}
            {number(tenant.people.total)} {texts.people}
          </span>
        </>
      ),
    }),
    column("slug", { width: "12%", from: "wide", cell: (tenant) => <code>{tenant.slug}</code> }),
    column("idp", {
      width: "11%",
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
    }),
    column("people", {
      width: "76px",
      number: true,
      from: "narrow",
      cell: (tenant) => number(tenant.people.total),
    }),
    column("groups", { width: "84px", number: true, from: "wide", cell: (tenant) => number(tenant.groups) }),
    column("requests", {
      width: "144px",
      number: true,
      from: "middle",
      cell: ({ day }) => (day ? <DayBar day={day} /> : <span className="quiet">–</span>),
    }),
    column("lastRequest", {
      width: "112px",
      from: "middle",
      cell: (tenant) =>
        tenant.lastRequestAt ? <Time at={tenant.lastRequestAt} /> : <span className="quiet">{time.never}</span>,
    }),
    column("credentialEnd", {
      width: "112px",
      from: "wide",
      cell: ({ nextCredentialEnd: end }) => {
        if (!end) return <span className="quiet">–</span>;
        const soon = new Date(end.endsAt).getTime() - Date.now() < SOON;
        const at = <Time at={end.endsAt} past={false} />;
        return soon ? <StateText tone="warn">{at}</StateText> : at;
      },
    }),
    column("standing", { width: "196px", from: "narrow", cell: (tenant) => <HealthChip tenant={tenant} /> }),
  ];
}

function Head({ messages, order, sorting }: { messages: Texts; order: Order; sorting: Sorting }) {
  const { sort, desc } = sorting.search;
  const name = nameOf(messages, order);
  return (
    <Button onPress={() => sorting.onSort(order)}>
      {name}
      {sort === order && <Icon of={desc ? ArrowDown : ArrowUp} size={14} />}
    </Button>
  );
}
