import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { groupsQuery } from "../../api/directory";
import type { GroupSummary } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { TenantPage } from "../../components/TenantPage";
import { useList } from "../../components/useList";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { type Messages, useMessages } from "../../messages";
import { routes, searches } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { PageHeader } from "../../ui/PageHeader";
import { Time } from "../../ui/Time";
import { type Column, VirtualTable } from "../../ui/VirtualTable";

export function GroupsPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="directory:read">
      {(data) => <GroupList slug={tenant} name={data.name} />}
    </TenantPage>
  );
}

function GroupList({ slug, name }: { slug: string; name: string }) {
  const messages = useMessages();
  const { groups: texts, users } = messages;
  const [search, change] = useSearchState(searches.groups);
  const query = useInfiniteQuery({ ...groupsQuery(slug, { search: search.q }), ...keepRows });
  const { rows, total, more, onEnd } = useList(query);
  const navigate = useNavigate();
  const input = useListKeys();
  return (
    <>
      <PageHeader title={texts.title} trail={[name]} />
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
        instead={
          search.q && <ButtonLink href={routes.who(slug, { of: search.q })}>{users.whatHappened(search.q)}</ButtonLink>
        }
        empty={
          <EmptyState icon={UsersRound} title={texts.emptyTitle}>
            {texts.empty}
          </EmptyState>
        }
        foot={<ListFoot loaded={rows.length} more={more} total={search.q ? undefined : total} what={texts.what} />}
      >
        <VirtualTable
          label={texts.title}
          rows={rows}
          columns={columns(messages)}
          idOf={(group) => group.id}
          hrefOf={(group) => routes.group(slug, group.id)}
          more={more}
          onEnd={onEnd}
          onOpen={(group) => void navigate({ href: routes.group(slug, group.id) })}
        />
      </ListBody>
    </>
  );
}

function columns({ groups: texts, group, number }: Messages): Column<GroupSummary>[] {
  return [
    {
      id: "name",
      head: texts.name,
      cell: (row) => (
        <>
          {row.displayName}
          <span className="cell-sub">{group.members(row.members)}</span>
        </>
      ),
    },
    {
      id: "members",
      head: texts.members,
      width: "104px",
      number: true,
      from: "narrow",
      cell: (row) => number(row.members),
    },
    {
      id: "externalId",
      head: texts.externalId,
      width: "30%",
      from: "middle",
      cell: (row) =>
        row.externalId ? <code title={row.externalId}>{row.externalId}</code> : <span className="quiet">–</span>,
    },
    { id: "changed", head: texts.changed, width: "140px", cell: (row) => <Time at={row.updatedAt} /> },
  ];
}
