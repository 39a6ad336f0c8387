import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Form } from "react-aria-components";
import { applyMapping } from "../../api/access";
import { groupsQuery } from "../../api/directory";
import type { MappedRole } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { useAccessMessages } from "../../messages/access";
import { Button } from "../../ui/Button";
import { Choices } from "../../ui/Choice";
import { DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { useAction } from "../../ui/useAction";
import { Preview, usePreview } from "./Preview";

/** Most groups that are offered at once. */
const OFFERED = 6;

type Group = { id: string; displayName: string; members: number };

/** A role, a group, and who gains the role by it, before it is saved. */
export function MapForm({
  slug,
  roles,
  onMapped,
  onClose,
}: {
  slug: string;
  roles: MappedRole[];
  onMapped: () => void;
  onClose: () => void;
}) {
  const { access, confirm } = useAccessMessages();
  const texts = access.mapping;
  const [role, setRole] = useState(roles[0]?.key ?? "");
  const [group, setGroup] = useState<Group>();
  const already = roles.some(({ key, groups }) => key === role && groups.some(({ groupId }) => groupId === group?.id));
  const mapping = group && !already ? { groupId: group.id, role, remove: false } : undefined;
  const preview = usePreview(slug, mapping);
  const save = useAction(async () => {
    if (!mapping) return;
    await applyMapping(slug, mapping);
    onMapped();
    onClose();
  });
  const seen = mapping !== undefined && preview.data !== undefined;
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (seen) void save.run();
      }}
    >
      <Select
        label={texts.role}
        value={role}
        options={roles.map(({ key, name }) => ({ value: key, label: `${name} (${key})` }))}
        onChange={setRole}
      />
      <GroupSearch slug={slug} chosen={group} onChoose={setGroup} />
      {already && <p className="muted">{texts.already}</p>}
      {mapping && <Preview slug={slug} query={preview} />}
      {save.error !== undefined && <FailureBox error={save.error} />}
      <DialogActions>
        <Button onPress={onClose}>{confirm.cancel}</Button>
        <Button type="submit" variant="primary" isDisabled={!seen} isPending={save.pending}>
          {seen && preview.data.gains > 0 ? texts.saveFor(preview.data.gains) : texts.save}
        </Button>
      </DialogActions>
    </Form>
  );
}

/** The groups whose names have what is typed; the chosen one stays in sight. */
function GroupSearch({
  slug,
  chosen,
  onChoose,
}: {
  slug: string;
  chosen: Group | undefined;
  onChoose: (group: Group) => void;
}) {
  const { access } = useAccessMessages();
  const texts = access.mapping;
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed.trim());
  const query = useInfiniteQuery({
    ...groupsQuery(slug, { search: search || undefined }),
    placeholderData: keepPreviousData,
  });
  const page = query.data?.pages[0];
  const found: Group[] = page?.items.slice(0, OFFERED) ?? [];
  const offered = chosen && found.every(({ id }) => id !== chosen.id) ? [chosen, ...found] : found;
  const more = page !== undefined && (page.next !== undefined || page.items.length > OFFERED);
  return (
    <>
      <Field label={texts.find} autoComplete="off" value={typed} onChange={setTyped} maxLength={200} />
      {query.error !== null && <FailureBox error={query.error} onRetry={() => query.refetch()} />}
      {offered.length > 0 && (
        <Choices
          label={texts.group}
          value={chosen?.id ?? ""}
          choices={offered.map(({ id, displayName, members }) => ({
            value: id,
            label: displayName,
            hint: texts.members(members),
          }))}
          onChange={(id) => {
            const group = offered.find((one) => one.id === id);
            if (group) onChoose(group);
          }}
        />
      )}
      {page !== undefined && found.length === 0 && <p className="muted">{texts.none}</p>}
      {more && <p className="small muted">{texts.more}</p>}
    </>
  );
}
