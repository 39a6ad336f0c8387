/** Changes as sentences, newest first, each opening to what it changed. */
import { ChevronRight } from "lucide-react";
import type { Change } from "../api/types";
import { type Messages, useMessages } from "../messages";
import { routes } from "../routes";
import { Diff } from "../ui/Diff";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Time } from "../ui/Time";
import "./ChangeList.css";

/** Who wrote a change, as people call it: the IdP, else the connection, else us. */
export function actorOf({ actor }: Change, messages: Messages): string {
  if (actor.kind === "connection")
    return actor.idp && actor.idp !== "other"
      ? messages.idpsShort[actor.idp]
      : (actor.connectionName ?? messages.changes.idp);
  return messages.changes.actors[actor.kind];
}

export function changeSentence(change: Change, messages: Messages): string {
  const who = actorOf(change, messages);
  const what = change.resourceName ?? messages.changes.nameless;
  if (change.type === "group.members_changed") {
    const added = change.memberCounts?.added ?? change.membersAdded?.length ?? 0;
    const removed = change.memberCounts?.removed ?? change.membersRemoved?.length ?? 0;
    const [only] = added === 1 && removed === 0 ? (change.membersAdded ?? []) : [];
    const [left] = added === 0 && removed === 1 ? (change.membersRemoved ?? []) : [];
    return messages.changes.members({ who, group: what, added, removed, only: only?.name, left: left?.name });
  }
  if (change.type === "user.roles_changed") {
    return messages.changes.roles({ who, what, added: change.rolesAdded ?? [], removed: change.rolesRemoved ?? [] });
  }
  const { sentences } = messages.changes;
  const sentence = Object.hasOwn(sentences, change.type) ? sentences[change.type as keyof typeof sentences] : undefined;
  return sentence?.({ who, what }) ?? messages.changes.other({ who, what, type: change.type });
}

/** The page of the person or group of a change; none of what is gone. */
export function addressOfChange(
  tenant: string,
  change: Pick<Change, "type" | "resourceType" | "resourceId">,
): string | undefined {
  if (change.type.endsWith(".deleted")) return undefined;
  if (change.resourceType === "User") return routes.user(tenant, change.resourceId);
  return change.resourceType === "Group" ? routes.group(tenant, change.resourceId) : undefined;
}

/** `linked` leads to the person or group of each change, where they are not the page's own. */
export function ChangeList({ tenant, changes, linked }: { tenant: string; changes: Change[]; linked?: boolean }) {
  const messages = useMessages();
  return (
    <ul className="change-list">
      {changes.map((change) => {
        const href = linked ? addressOfChange(tenant, change) : undefined;
        return (
          <li key={change.seq}>
            <details className="change">
              <summary>
                <Icon of={ChevronRight} />
                <span className="change-sentence">{changeSentence(change, messages)}</span>
                <span className="change-time quiet small">
                  <Time at={change.at} />
                </span>
              </summary>
              <div className="change-body">
                <ChangeBody change={change} tenant={tenant} />
                {href && (
                  <Link href={href}>{messages.changes.open(change.resourceName ?? messages.changes.nameless)}</Link>
                )}
              </div>
            </details>
          </li>
        );
      })}
    </ul>
  );
}

/** What a change changed: members by name, everything else as a diff. */
export function ChangeBody({ change, tenant }: { change: Change; tenant: string }) {
  const { changes: texts } = useMessages();
  const { membersAdded = [], membersRemoved = [], before, after } = change;
  return (
    <>
      {membersAdded.length > 0 && <Members title={texts.added} members={membersAdded} tenant={tenant} />}
      {membersRemoved.length > 0 && <Members title={texts.removed} members={membersRemoved} tenant={tenant} />}
      {(before || after) && <Diff before={before} after={after} />}
    </>
  );
}

const SHOWN = 50;

function Members({
  title,
  members,
  tenant,
}: {
  title: string;
  members: NonNullable<Change["membersAdded"]>;
  tenant: string;
}) {
  const { changes: texts } = useMessages();
  return (
    <div>
      <h3 className="small muted">{title}</h3>
      <ul className="change-members">
        {members.slice(0, SHOWN).map((member) => (
          <li key={member.id} className="change-member">
            <Link
              href={member.type === "Group" ? routes.group(tenant, member.id) : routes.user(tenant, member.id)}
              className="link-plain"
            >
              {member.name ?? <code>{member.id}</code>}
            </Link>
          </li>
        ))}
        {members.length > SHOWN && <li className="change-member quiet">{texts.more(members.length - SHOWN)}</li>}
      </ul>
    </div>
  );
}
