import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteTenant } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { useSettingsMessages } from "../../messages/settings";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { DeleteDialog } from "./DeleteDialog";

/** What cannot be undone. */
export function DangerZone({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { settings: texts } = useSettingsMessages();
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    await deleteTenant(slug, tenant.slug);
    await navigate({ href: routes.tenants() });
    queries.removeQueries({ queryKey: ["tenant", slug] });
    void queries.invalidateQueries({ queryKey: ["tenants"] });
    void queries.invalidateQueries({ queryKey: ["session"] });
  };
  return (
    <section className="card measured danger-zone" aria-labelledby="danger">
      <div className="card-head">
        <h2 id="danger">{texts.danger}</h2>
      </div>
      <div className="card-pad stack">
        <p className="measured">{texts.deleteHint}</p>
        <div>
          <Button variant="danger" onPress={() => setAsking(true)}>
            {texts.deleteTenant}
          </Button>
        </div>
      </div>
      <DeleteDialog tenant={tenant} isOpen={asking} onConfirm={remove} onClose={() => setAsking(false)} />
    </section>
  );
}
