/** The set-up links of a tenant: who has one, whether it was opened and finished, and its end. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { revokeSetupLink, setupLinksQuery } from "../../api/setup";
import type { Connection, SetupLink } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useSetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { Chip, type Tone } from "../../ui/Chip";
import { Time } from "../../ui/Time";

const tones: Record<SetupLink["state"], Tone> = {
  waiting: "info",
  opened: "ok",
  finished: "ok",
  ended: "plain",
  revoked: "bad",
};

export function SetupLinks({
  tenant,
  connections,
  mayWrite,
}: {
  tenant: string;
  connections: Connection[];
  mayWrite: boolean;
}) {
  const texts = useSetupTexts();
  const queries = useQueryClient();
  const { data: links } = useQuery(setupLinksQuery(tenant));
  const [revoking, setRevoking] = useState<SetupLink>();
  if (texts === undefined || links === undefined || links.length === 0) return null;
  const nameOf = (link: SetupLink) => connections.find((one) => one.id === link.connectionId)?.name ?? "";
  return (
    <section className="card setup-links" aria-labelledby="setup-links">
      <div className="card-head">
        <h2 id="setup-links">{texts.links.list}</h2>
        <p className="small muted">{texts.links.listHint}</p>
      </div>
      <ul>
        {links.map((link) => (
          <li key={link.id}>
            <span className="setup-link-text">
              <strong>{link.name}</strong>
              <span className="small muted">
                {texts.links.by(nameOf(link))} · {texts.links.ends} <Time at={link.endsAt} past={false} />
              </span>
            </span>
            <Chip tone={tones[link.state]}>{texts.links.state[link.state]}</Chip>
            {mayWrite && ["waiting", "opened", "finished"].includes(link.state) && (
              <Button onPress={() => setRevoking(link)}>{texts.links.revoke}</Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        title={revoking ? texts.links.revokeTitle(revoking.name) : ""}
        isOpen={revoking !== undefined}
        action={texts.links.revokeAction}
        onClose={() => setRevoking(undefined)}
        onConfirm={async () => {
          if (revoking) await revokeSetupLink(tenant, revoking.id);
          await queries.invalidateQueries({ queryKey: ["setupLinks", tenant] });
        }}
      >
        <p>{texts.links.revokeEffect}</p>
      </ConfirmDialog>
    </section>
  );
}
