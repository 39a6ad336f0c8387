/** Everybody who can sign in to the console, for who runs the service. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { allPeopleQuery } from "../../api/people";
import type { Person } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { useSession } from "../../components/useSession";
import { PeopleMessages, usePeopleMessages } from "../../messages/people";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { ApiKeySection } from "../developers/ApiKeySection";
import { InviteDialog } from "./InviteDialog";
import { LinkDialog, type MadeLink } from "./LinkDialog";
import { MorePeople } from "./MorePeople";
import { PendingInvitations } from "./PendingInvitations";
import { PersonMenu } from "./PersonMenu";
import "./people.css";

export function AdminsPage() {
  const { rights } = useSession();
  if (!rights.includes("system:people")) return <Missing />;
  return (
    <PeopleMessages.Load>
      <Admins />
    </PeopleMessages.Load>
  );
}

function Admins() {
  const { people: texts, invitations, keys } = usePeopleMessages();
  const queries = useQueryClient();
  const query = useInfiniteQuery(allPeopleQuery);
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<MadeLink>();
  const people = query.data?.pages.flatMap((page) => page.items);
  const alone = people?.length === 1 && !query.hasNextPage;
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={<p>{texts.lead}</p>}
        actions={
          <Button variant="primary" icon={UserPlus} onPress={() => setInviting(true)}>
            {invitations.inviteOperator}
          </Button>
        }
      />
      <Loaded query={{ ...query, data: people }} missing>
        {(rows) => <PeopleTable people={rows} alone={alone} onLink={setMade} />}
      </Loaded>
      <MorePeople query={query} />
      {alone && <p className="muted">{texts.onlyYouEmpty}</p>}
      <PendingInvitations headAs="h2" tenant={undefined} onRenewed={setMade} />
      <ApiKeySection
        tenant={undefined}
        title={keys.serviceTitle}
        lead={keys.serviceLead}
        empty={keys.serviceEmpty}
        roles={[]}
      />
      <InviteDialog
        tenant={undefined}
        isOpen={inviting}
        onClose={() => setInviting(false)}
        onInvited={(link) => {
          setInviting(false);
          setMade(link);
          void queries.invalidateQueries({ queryKey: ["invitations"] });
        }}
      />
      <LinkDialog made={made} onClose={() => setMade(undefined)} />
    </>
  );
}

function PeopleTable({
  people,
  alone,
  onLink,
}: {
  people: Person[];
  /** Whether there is nobody else who could. */
  alone: boolean;
  onLink: (made: MadeLink) => void;
}) {
  const { people: texts } = usePeopleMessages();
  return (
    <div className="table-frame">
      <table className="table people-table" aria-label={texts.list}>
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.roles}</th>
            <th scope="col" className="from-narrow">
              {texts.since}
            </th>
            <th scope="col">
              <span className="visually-hidden">{texts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id}>
              <th scope="row">
                <span className="people-name">
                  {person.name}
                  {person.you && <span className="small quiet">({texts.you})</span>}
                </span>
                <span className="quiet small block">{person.email}</span>
                {person.you && !alone && <span className="quiet small block">{texts.ownRecord}</span>}
              </th>
              <td>
                <Roles person={person} />
              </td>
              <td className="from-narrow">
                <Time at={person.createdAt} />
              </td>
              <td className="number">{!person.you && <PersonMenu person={person} onLink={onLink} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many roles of one person are named; the rest is counted. */
const NAMED = 5;

function Roles({ person }: { person: Person }) {
  const { people: texts, changes } = usePeopleMessages();
  if (!person.operator && person.roles.length === 0) return <span className="quiet">{texts.noRole}</span>;
  return (
    <span className="people-roles">
      {person.operator && <span>{texts.operator}</span>}
      {person.roles.slice(0, NAMED).map(({ tenantId, tenant, tenantSlug, role }) => (
        <Link key={tenantId} href={routes.tenant(tenantSlug)}>
          {texts.inTenant(texts.roleNames[role], tenant)}
        </Link>
      ))}
      {person.roles.length > NAMED && <span className="quiet">{changes.more(person.roles.length - NAMED)}</span>}
    </span>
  );
}
