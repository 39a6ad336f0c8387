/** Who works in a tenant, and as what: a card of its settings. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { changeRole, removeFromTenant, tenantPeopleQuery } from "../../api/people";
import type { Tenant, TenantPerson } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { PeopleMessages, usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { InviteDialog } from "./InviteDialog";
import { LinkDialog, type MadeLink } from "./LinkDialog";
import { MorePeople } from "./MorePeople";
import { PendingInvitations } from "./PendingInvitations";
import "./people.css";
import { tenantRoles } from "./roles";

type Props = { tenant: Tenant; slug: string };

export function TenantPeopleCard(props: Props) {
  return (
    <PeopleMessages.Load>
      <Card {...props} />
    </PeopleMessages.Load>
  );
}

function Card({ tenant, slug }: Props) {
  const { people: texts, invitations } = usePeopleMessages();
  const queries = useQueryClient();
  const query = useInfiniteQuery(tenantPeopleQuery(slug));
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<MadeLink>();
  const people = query.data?.pages.flatMap((page) => page.items);
  return (
    <section className="card measured" aria-labelledby="people">
      <div className="card-head">
        <h2 id="people">{texts.title}</h2>
        <Button icon={UserPlus} onPress={() => setInviting(true)}>
          {invitations.invite}
        </Button>
      </div>
      <div className="card-pad stack">
        <p className="small muted">{texts.tenantLead}</p>
        <Loaded query={{ ...query, data: people }}>
          {(rows) => <Rows people={rows} tenant={tenant} slug={slug} onChanged={() => void query.refetch()} />}
        </Loaded>
        <MorePeople query={query} />
        <PendingInvitations headAs="h3" tenant={slug} onRenewed={setMade} />
      </div>
      <InviteDialog
        tenant={slug}
        isOpen={inviting}
        onClose={() => setInviting(false)}
        onInvited={(link) => {
          setInviting(false);
          setMade(link);
          void queries.invalidateQueries({ queryKey: ["invitations", slug] });
        }}
      />
      <LinkDialog made={made} onClose={() => setMade(undefined)} />
    </section>
  );
}

function Rows({ people, tenant, slug, onChanged }: Props & { people: TenantPerson[]; onChanged: () => void }) {
  const { people: texts } = usePeopleMessages();
  const [removing, setRemoving] = useState<TenantPerson>();
  if (people.length === 0) return <p className="quiet">{texts.tenantEmpty}</p>;
  return (
    <>
      <ul className="people-list" aria-labelledby="people">
        {people.map((person) => (
          <Row key={person.id} person={person} slug={slug} onChanged={onChanged} onRemove={() => setRemoving(person)} />
        ))}
      </ul>
      <ConfirmDialog
        title={texts.removing(removing?.name ?? "", tenant.name)}
        isOpen={removing !== undefined}
        action={texts.removeAction}
        onConfirm={async () => {
          if (removing) await removeFromTenant(slug, removing.id);
          onChanged();
        }}
        onClose={() => setRemoving(undefined)}
      >
        <p>{texts.removingEffect(removing?.name ?? "")}</p>
      </ConfirmDialog>
    </>
  );
}

function Row({
  person,
  slug,
  onChanged,
  onRemove,
}: {
  person: TenantPerson;
  slug: string;
  onChanged: () => void;
  onRemove: () => void;
}) {
  const { people: texts } = usePeopleMessages();
  const [saved, setSaved] = useState("");
  const change = useAction(async (chosen: string) => {
    const role = tenantRoles.find((one) => one === chosen);
    if (role === undefined) return;
    await changeRole(slug, person.id, role);
    onChanged();
    setSaved(texts.saved(person.name, texts.roleNames[role]));
  });
  return (
    <li className="people-row">
      <div className="people-who">
        <span className="people-name">
          {person.name}
          {person.you && <span className="small quiet">({texts.you})</span>}
        </span>
        <span className="small muted">{person.email}</span>
        {person.you && <span className="small quiet">{texts.ownRole}</span>}
        <span role="status" className={saved === "" ? "visually-hidden" : "small quiet"}>
          {saved}
        </span>
        {change.error !== undefined && <FailureBox error={change.error} />}
      </div>
      <div className="people-actions">
        {person.you ? (
          <span>{texts.roleNames[person.role]}</span>
        ) : (
          <>
            <Select
              label={texts.roleOf(person.name)}
              hideLabel
              value={person.role}
              options={tenantRoles.map((value) => ({ value, label: texts.roleNames[value] }))}
              onChange={(chosen) => void change.run(chosen)}
            />
            <Button onPress={onRemove} aria-label={texts.removeOf(person.name)}>
              {texts.remove}
            </Button>
          </>
        )}
      </div>
    </li>
  );
}
