/** The members of a group whom the IdP named and did not send yet: by what name, since when, by which request. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { unresolvedMembersQuery } from "../../api/directory";
import type { GroupDetail, Tenant, UnresolvedMember } from "../../api/types";
import { keepRows, ListBody } from "../../components/ListBody";
import { ListFoot } from "../../components/ListFoot";
import { useList } from "../../components/useList";
import { type Messages, useMessages } from "../../messages";
import { routes } from "../../routes";
import { EmptyState } from "../../ui/Feedback";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { type Column, VirtualTable } from "../../ui/VirtualTable";

export function NotHere({ tenant, slug, group }: { tenant: Tenant; slug: string; group: GroupDetail }) {
  const messages = useMessages();
  const { group: texts } = messages;
  const query = useInfiniteQuery({ ...unresolvedMembersQuery(slug, group.id), ...keepRows });
  const { rows, more, onEnd } = useList(query);
  const navigate = useNavigate();
  const address = (member: UnresolvedMember) => routes.who(slug, { of: member.value });
  const requests = tenant.rights.includes("log:read");
  return (
    <ListBody
      query={query}
      count={rows.length}
      filters={[]}
      onClearAll={() => {}}
      empty={
        <EmptyState icon={UsersRound} title={texts.allHere}>
          {texts.allHereHint}
        </EmptyState>
      }
      foot={<ListFoot loaded={rows.length} more={more} what={texts.tabs.members} />}
    >
      <VirtualTable
        label={texts.tabs.waiting}
        rows={rows}
        columns={columns(messages, slug, requests)}
        idOf={(member) => member.value}
        hrefOf={address}
        more={more}
        onEnd={onEnd}
        onOpen={(member) => void navigate({ href: address(member) })}
      />
    </ListBody>
  );
}

function columns({ group: texts, event }: Messages, slug: string, requests: boolean): Column<UnresolvedMember>[] {
  const nothing = <span className="quiet">–</span>;
  return [
    { id: "reference", head: texts.reference, cell: (member) => member.value },
    {
      id: "type",
      head: texts.type,
      width: "104px",
      from: "middle",
      cell: (member) => (member.type === undefined ? nothing : texts.types[member.type]),
    },
    { id: "since", head: texts.since, width: "116px", cell: (member) => <Time at={member.since} /> },
    {
      id: "request",
      head: texts.namedBy,
      width: "116px",
      from: "narrow",
      cell: ({ requestId }) =>
        requestId === undefined || !requests ? (
          nothing
        ) : (
          <Link href={routes.logEvent(slug, requestId)}>{event.screen}</Link>
        ),
    },
  ];
}
