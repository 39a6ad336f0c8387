import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { usersQuery } from "../../api/directory";
import type { Tenant, UserSummary } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { TenantPage } from "../../components/TenantPage";
import { useList } from "../../components/useList";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { type Messages, useMessages } from "../../messages";
import { changedSpans, routes, searches, type UsersSearch } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { StateText } from "../../ui/Chip";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { PageHeader } from "../../ui/PageHeader";
import { Time } from "../../ui/Time";
import { type Column, VirtualTable } from "../../ui/VirtualTable";

export function UsersPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="directory:read">
      {(data) => <UserList slug={tenant} tenant={data} />}
    </TenantPage>
  );
}

function UserList({ slug, tenant }: { slug: string; tenant: Tenant }) {
  const messages = useMessages();
  const { users: texts } = messages;
  const [search, change] = useSearchState(searches.users);
  const query = useInfiniteQuery({
    ...usersQuery(slug, {
      search: search.q,
      active: search.active === undefined ? undefined : search.active === "true",
      changed: search.changed,
      inGroup: search.groups === "none" ? false : undefined,
    }),
    ...keepRows,
  });
  const { rows, total, more, onEnd } = useList(query);
  const navigate = useNavigate();
  const input = useListKeys();
  const filters = [
    ...(search.q ? [{ id: "q", label: `“${search.q}”`, onClear: () => change({ q: undefined }) }] : []),
    ...(search.active
      ? [
          {
            id: "active",
            label: `${texts.active}: ${texts.activeOf[search.active]}`,
            onClear: () => change({ active: undefined }),
          },
        ]
      : []),
    ...(search.changed
      ? [
          {
            id: "changed",
            label: `${texts.changedWithin}: ${texts.spans[search.changed]}`,
            onClear: () => change({ changed: undefined }),
          },
        ]
      : []),
    ...(search.groups
      ? [{ id: "groups", label: texts.groupsOf[search.groups], onClear: () => change({ groups: undefined }) }]
      : []),
  ];
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} />
      <FilterBar
        search={{
          label: texts.search,
          placeholder: texts.searchShort,
          value: search.q ?? "",
          onChange: (q) => change({ q }, { replace: search.q !== undefined }),
          ref: input,
        }}
        filters={[
          {
            id: "active",
            label: texts.active,
            value: search.active,
            options: (["true", "false"] as const).map((value) => ({ value, label: texts.activeOf[value] })),
            onChange: (active) => change({ active: active as UsersSearch["active"] }),
          },
          {
            id: "changed",
            label: texts.changedWithin,
            value: search.changed,
            options: changedSpans.map((value) => ({ value, label: texts.spans[value] })),
            onChange: (changed) => change({ changed: changed as UsersSearch["changed"] }),
          },
          {
            id: "groups",
            label: texts.groups,
            value: search.groups,
            options: [{ value: "none", label: texts.groupsOf.none }],
            onChange: (groups) => change({ groups: groups as UsersSearch["groups"] }),
          },
        ]}
      />
      <ListBody
        query={query}
        count={rows.length}
        filters={filters}
        onClearAll={() => change({ q: undefined, active: undefined, changed: undefined, groups: undefined })}
        instead={
          search.q && <ButtonLink href={routes.who(slug, { of: search.q })}>{texts.whatHappened(search.q)}</ButtonLink>
        }
        empty={
          <EmptyState
            icon={Users}
            title={texts.emptyTitle}
            actions={
              tenant.rights.includes("credentials:read") && (
                <ButtonLink href={routes.credentials(slug)}>{texts.toCredentials}</ButtonLink>
              )
            }
          >
            {texts.empty}
          </EmptyState>
        }
        foot={
          <ListFoot
            loaded={rows.length}
            more={more}
            total={filters.length === 0 ? total : undefined}
            what={texts.what}
          />
        }
      >
        <VirtualTable
          label={texts.title}
          rows={rows}
          columns={columns(messages, tenant)}
          idOf={(user) => user.id}
          hrefOf={(user) => routes.user(slug, user.id)}
          more={more}
          onEnd={onEnd}
          onOpen={(user) => void navigate({ href: routes.user(slug, user.id) })}
        />
      </ListBody>
    </>
  );
}

export const nameOfUser = (user: Pick<UserSummary, "name" | "displayName" | "userName">) =>
  user.name ?? user.displayName ?? user.userName;

function columns({ users: texts, number }: Messages, { connections }: Tenant): Column<UserSummary>[] {
  const nothing = <span className="quiet">–</span>;
  const nameOf = (id: string | undefined) => connections.find((connection) => connection.id === id)?.name;
  return [
    {
      id: "name",
      head: texts.name,
      cell: (user) => (
        <>
          {nameOfUser(user)}
          <span className="cell-sub">{user.userName}</span>
        </>
      ),
    },
    {
      id: "userName",
      head: texts.userName,
      width: "24%",
      from: "narrow",
      cell: (user) => <span title={user.userName}>{user.userName}</span>,
    },
    {
      id: "email",
      head: texts.email,
      width: "22%",
      from: "wide",
      cell: (user) => <span title={user.email}>{user.email ?? nothing}</span>,
    },
    {
      id: "state",
      head: texts.state,
      width: "104px",
      cell: (user) => (
        <StateText tone={user.active ? "ok" : "plain"}>{texts.activeOf[user.active ? "true" : "false"]}</StateText>
      ),
    },
    {
      id: "groups",
      head: texts.groups,
      width: "80px",
      number: true,
      from: "middle",
      cell: (user) => number(user.groups),
    },
    {
      id: "source",
      head: texts.source,
      width: "152px",
      from: "middle",
      cell: (user) => nameOf(user.connectionId) ?? nothing,
    },
    {
      id: "changed",
      head: texts.changed,
      width: "124px",
      from: "middle",
      cell: (user) => <Time at={user.updatedAt} />,
    },
  ];
}
