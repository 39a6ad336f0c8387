import type { Tenant } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useSettingsMessages } from "../../messages/settings";
import { Fact, Facts } from "../../ui/Stat";

/** Names all that goes with a tenant, and wants its short name typed. */
export function DeleteDialog({
  tenant,
  isOpen,
  onConfirm,
  onClose,
}: {
  tenant: Tenant;
  isOpen: boolean;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { settings: texts, number } = useSettingsMessages();
  return (
    <ConfirmDialog
      title={texts.deleting(tenant.name)}
      isOpen={isOpen}
      action={texts.deleteTenant}
      typed={tenant.slug}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>{texts.deletingEffect}</p>
      <Facts>
        <Fact label={texts.people}>{number(tenant.people.total)}</Fact>
        <Fact label={texts.groups}>{number(tenant.groups)}</Fact>
        <Fact label={texts.connections}>{number(tenant.connections.length)}</Fact>
        <Fact label={texts.liveCredentials}>{number(tenant.liveCredentials ?? 0)}</Fact>
      </Facts>
      <p>{texts.deletingRest}</p>
    </ConfirmDialog>
  );
}
