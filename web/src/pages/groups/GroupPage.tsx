import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { groupQuery, membersQuery } from "../../api/directory";
import type { GroupDetail, Member, Tenant } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { Gone } from "../../components/Gone";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { Timeline } from "../../components/timeline/Timeline";
import { useList } from "../../components/useList";
import { useListKeys } from "../../components/useListKeys";
import { useSearchState } from "../../components/useSearchState";
import { type Messages, useMessages } from "../../messages";
import { type groupTabs, routes, searches } from "../../routes";
import { Notice, StateText } from "../../ui/Chip";
import { CopyId } from "../../ui/Copy";
import { EmptyState } from "../../ui/Feedback";
import { FilterBar } from "../../ui/FilterBar";
import { JsonView } from "../../ui/JsonView";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Tabs } from "../../ui/Tabs";
import { Time } from "../../ui/Time";
import { type Column, VirtualTable } from "../../ui/VirtualTable";
import { NotHere } from "./NotHere";

export function GroupPage() {
  const { tenant = "", group = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="directory:read">
      {(data) => <LoadedGroup key={group} tenant={data} slug={tenant} id={group} />}
    </TenantPage>
  );
}

function LoadedGroup({ tenant, slug, id }: { tenant: Tenant; slug: string; id: string }) {
  const query = useQuery(groupQuery(slug, id));
  return (
    <Loaded query={query} missing={<Gone tenant={tenant} slug={slug} id={id} about="group" />} heads>
      {(group) => <Group tenant={tenant} slug={slug} group={group} />}
    </Loaded>
  );
}

function Group({ tenant, slug, group }: { tenant: Tenant; slug: string; group: GroupDetail }) {
  const { group: texts, user, groups } = useMessages();
  const [search, change] = useSearchState(searches.group);
  const tab = search.tab ?? "members";
  return (
    <>
      <PageHeader
        title={group.displayName}
        trail={[texts.screen, tenant.name]}
        before={<BackLink href={routes.groups(slug)}>{texts.back}</BackLink>}
        lead={
          <div className="status-line">
            <span>{texts.members(group.members)}</span>
            <span className="row">
              {user.id} <CopyId value={group.id} what={user.id} />
            </span>
            {group.externalId && (
              <span className="row">
                {groups.externalId} <CopyId value={group.externalId} what={groups.externalId} />
              </span>
            )}
            <span>
              {groups.changed} <Time at={group.updatedAt} />
            </span>
          </div>
        }
      />
      {group.unresolvedMembers > 0 && (
        <Notice tone="info">
          {texts.unresolved(group.unresolvedMembers, group.displayName)}{" "}
          {tab !== "waiting" && <Link href={routes.group(slug, group.id, { tab: "waiting" })}>{texts.seeWho}</Link>}
        </Notice>
      )}
      <div className={tab === "members" || tab === "waiting" ? "fill" : undefined}>
        <Tabs<(typeof groupTabs)[number]>
          label={texts.tabsLabel}
          value={tab}
          onChange={(next) => change({ tab: next === "members" ? undefined : next, q: undefined }, { replace: true })}
          tabs={[
            { id: "members", label: texts.tabs.members, content: () => <Members slug={slug} group={group} /> },
            ...(group.unresolvedMembers > 0 || tab === "waiting"
              ? [
                  {
                    id: "waiting" as const,
                    label: texts.tabs.waiting,
                    content: () => <NotHere tenant={tenant} slug={slug} group={group} />,
                  },
                ]
              : []),
            {
              id: "history",
              label: texts.tabs.history,
              content: () => (
                <Timeline tenant={tenant} slug={slug} of={group.id} about="group" search={search} change={change} />
              ),
            },
            { id: "raw", label: texts.tabs.raw, content: () => <JsonView value={group.resource} label={texts.raw} /> },
          ]}
        />
      </div>
    </>
  );
}

function Members({ slug, group }: { slug: string; group: GroupDetail }) {
  const messages = useMessages();
  const { group: texts } = messages;
  const [search, change] = useSearchState(searches.group);
  const query = useInfiniteQuery({ ...membersQuery(slug, group.id, { search: search.q }), ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const navigate = useNavigate();
  const input = useListKeys();
  const address = (member: Member) =>
    member.type === "Group" ? routes.group(slug, member.id) : routes.user(slug, member.id);
  return (
    <div className="fill members">
      <FilterBar
        search={{
          label: texts.searchMember,
          placeholder: texts.searchMember,
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
          <EmptyState icon={UsersRound} title={texts.emptyTitle}>
            {texts.empty}
          </EmptyState>
        }
        foot={<ListFoot loaded={rows.length} more={more} what={texts.tabs.members} />}
      >
        <VirtualTable
          label={texts.tabs.members}
          rows={rows}
          columns={columns(messages)}
          idOf={(member) => member.id}
          hrefOf={address}
          more={more}
          onEnd={onEnd}
          onOpen={(member) => void navigate({ href: address(member) })}
        />
      </ListBody>
    </div>
  );
}

function columns({ group: texts, users }: Messages): Column<Member>[] {
  return [
    {
      id: "name",
      head: texts.member,
      cell: (member) => (
        <>
          {member.name}
          <span className="cell-sub">{member.userName ?? texts.types[member.type]}</span>
        </>
      ),
    },
    {
      id: "userName",
      head: texts.userName,
      width: "32%",
      from: "narrow",
      cell: (member) => member.userName ?? <span className="quiet">–</span>,
    },
    { id: "type", head: texts.type, width: "104px", from: "middle", cell: (member) => texts.types[member.type] },
    {
      id: "state",
      head: texts.state,
      width: "108px",
      cell: (member) =>
        member.active === undefined ? (
          <span className="quiet">–</span>
        ) : (
          <StateText tone={member.active ? "ok" : "plain"}>
            {users.activeOf[member.active ? "true" : "false"]}
          </StateText>
        ),
    },
  ];
}
