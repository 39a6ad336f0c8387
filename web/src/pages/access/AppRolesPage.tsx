/** The roles that the app knows, for all tenants. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IdCard, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { appRolesQuery, deleteAppRole } from "../../api/access";
import type { AppRole } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { useSession } from "../../components/useSession";
import { AccessMessages, useAccessMessages } from "../../messages/access";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/Feedback";
import { MenuButton } from "../../ui/MenuButton";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import "../../ui/Table.css";
import { RoleForm } from "./RoleForm";

export function AppRolesPage() {
  const { admin } = useSession();
  return admin.operator ? (
    <AccessMessages.Load>
      <AppRoles />
    </AccessMessages.Load>
  ) : (
    <Missing />
  );
}

function AppRoles() {
  const { appRoles: texts } = useAccessMessages();
  const queries = useQueryClient();
  const query = useQuery(appRolesQuery);
  /** The role that is changed; a new one when it is `null`. */
  const [editing, setEditing] = useState<AppRole | null>();
  const [deleting, setDeleting] = useState<AppRole>();
  const changed = () => {
    void query.refetch();
    void queries.invalidateQueries({ queryKey: ["mappedRoles"] });
  };
  const close = () => setEditing(undefined);
  const create = (
    <Button variant="primary" icon={Plus} onPress={() => setEditing(null)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={<p>{texts.lead}</p>}
        actions={query.data !== undefined && query.data.length > 0 && create}
      />
      <Loaded
        query={query}
        skeleton={
          <div className="card">
            <Skeleton lines={6} />
          </div>
        }
      >
        {(roles) =>
          roles.length === 0 ? (
            <div className="card">
              <EmptyState icon={IdCard} title={texts.emptyTitle} actions={create}>
                {texts.empty}
              </EmptyState>
            </div>
          ) : (
            <RoleTable roles={roles} onChange={setEditing} onDelete={setDeleting} />
          )
        }
      </Loaded>
      <Dialog
        title={editing ? texts.form.changeTitle(editing.name) : texts.form.createTitle}
        isOpen={editing !== undefined}
        onClose={close}
      >
        <RoleForm role={editing ?? undefined} onSaved={changed} onClose={close} />
      </Dialog>
      <ConfirmDialog
        title={deleting ? texts.deleting.title(deleting.name) : ""}
        isOpen={deleting !== undefined}
        action={texts.deleting.action}
        onConfirm={async () => {
          if (deleting) await deleteAppRole(deleting.key);
          changed();
        }}
        onClose={() => setDeleting(undefined)}
      >
        <p>{texts.deleting.effect}</p>
      </ConfirmDialog>
    </>
  );
}

function RoleTable({
  roles,
  onChange,
  onDelete,
}: {
  roles: AppRole[];
  onChange: (role: AppRole) => void;
  onDelete: (role: AppRole) => void;
}) {
  const { appRoles: texts } = useAccessMessages();
  return (
    <div className="table-frame">
      <table className="table" aria-label={texts.title}>
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.key}</th>
            <th scope="col" className="from-middle">
              {texts.description}
            </th>
            <th scope="col">
              <span className="visually-hidden">{texts.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.key}>
              <th scope="row">{role.name}</th>
              <td>
                <code>{role.key}</code>
              </td>
              <td className="from-middle muted">{role.description}</td>
              <td className="number">
                <MenuButton
                  label={texts.actionsOf(role.name)}
                  entries={[
                    { id: "change", label: texts.change, icon: Pencil, onAction: () => onChange(role) },
                    { id: "delete", label: texts.remove, icon: Trash2, danger: true, onAction: () => onDelete(role) },
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
