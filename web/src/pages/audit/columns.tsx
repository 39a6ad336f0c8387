import type { AuditEntry } from "../../api/types";
import type { AllAuditTexts } from "../../messages/audit";
import { Time } from "../../ui/Time";
import type { Column } from "../../ui/VirtualTable";

/** Who did it, as people call them. */
export function actorOf({ actor }: AuditEntry, { audit: texts }: AllAuditTexts): string {
  if (actor.kind === "admin") return actor.email ?? texts.actors.admin;
  const kind = texts.actors[actor.kind];
  return actor.name === undefined ? kind : `${actor.name} (${kind})`;
}

/** What it was done to; the service has no name. */
export function subjectOf({ subject }: AuditEntry, { audit: texts }: AllAuditTexts): string {
  return subject.name ?? texts.subjects[subject.kind];
}

export function columns(messages: AllAuditTexts): Column<AuditEntry>[] {
  const { audit: texts } = messages;
  return [
    {
      id: "act",
      head: texts.act,
      cell: (entry) => (
        <>
          {texts.acts[entry.act]}
          <span className="cell-sub">
            {subjectOf(entry, messages)} · {actorOf(entry, messages)}
          </span>
        </>
      ),
    },
    {
      id: "subject",
      head: texts.subject,
      width: "26%",
      from: "narrow",
      cell: (entry) => <span title={texts.subjects[entry.subject.kind]}>{subjectOf(entry, messages)}</span>,
    },
    { id: "actor", head: texts.actor, width: "26%", from: "middle", cell: (entry) => actorOf(entry, messages) },
    { id: "time", head: texts.time, width: "116px", cell: (entry) => <Time at={entry.at} /> },
  ];
}
