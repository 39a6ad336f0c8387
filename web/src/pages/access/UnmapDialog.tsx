import { applyMapping } from "../../api/access";
import type { MappedRole, RoleMapping } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { useAccessMessages } from "../../messages/access";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { useAction } from "../../ui/useAction";
import { Preview, usePreview } from "./Preview";

export type Unmapping = { role: Pick<MappedRole, "name">; mapping: RoleMapping };

type Props = { slug: string; onUnmapped: () => void; onClose: () => void };

/** Names who loses the role before it is taken from a group. */
export function UnmapDialog({ unmapping, ...props }: Props & { unmapping: Unmapping | undefined }) {
  const { access } = useAccessMessages();
  const title = unmapping && access.removing.title(unmapping.mapping.groupName ?? access.deleted, unmapping.role.name);
  return (
    <Dialog title={title ?? ""} isOpen={unmapping !== undefined} onClose={props.onClose} alert>
      {unmapping && <Question unmapping={unmapping} {...props} />}
    </Dialog>
  );
}

function Question({ slug, unmapping: { mapping: there }, onUnmapped, onClose }: Props & { unmapping: Unmapping }) {
  const { access, confirm } = useAccessMessages();
  const mapping = { groupId: there.groupId, role: there.role, remove: true };
  const preview = usePreview(slug, mapping);
  const remove = useAction(async () => {
    await applyMapping(slug, mapping);
    onUnmapped();
    onClose();
  });
  return (
    <>
      <p>{access.removing.effect}</p>
      <Preview slug={slug} query={preview} />
      {remove.error !== undefined && <FailureBox error={remove.error} />}
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {confirm.cancel}
        </Button>
        <Button
          variant="danger"
          isDisabled={preview.data === undefined}
          isPending={remove.pending}
          onPress={() => void remove.run()}
        >
          {access.removing.action}
        </Button>
      </DialogActions>
    </>
  );
}
