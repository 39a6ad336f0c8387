import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { apiKeysQuery, revokeApiKey } from "../../api/apiKeys";
import type { ApiKey, TenantRole } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Loaded } from "../../components/Loaded";
import { OnceDialog } from "../../components/OnceDialog";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import { EmptyState } from "../../ui/Feedback";
import { Time } from "../../ui/Time";
import { recentlyUsed } from "../credentials/state";
import { ApiKeyTable } from "./ApiKeyTable";
import "./developers.css";
import { type IssuedKey, NewKeyDialog } from "./NewKeyDialog";

type Place = {
  /** Whose keys; the service's without one. */
  tenant: string | undefined;
  title: string;
  lead?: string;
  empty: string;
  /** What a new key may be, from most to least; of the service there is only one kind. */
  roles: readonly TenantRole[];
};

/** The keys of programs: made, looked after and revoked here. */
export function ApiKeySection({ tenant, title, lead, empty, roles }: Place) {
  const { keys: texts } = usePeopleMessages();
  const query = useQuery(apiKeysQuery(tenant));
  const [creating, setCreating] = useState(false);
  const [issued, setIssued] = useState<IssuedKey>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const create = (
    <Button variant="primary" icon={Plus} onPress={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <section className="stack-tight" aria-labelledby="keys">
      <div className="keys-head">
        <div>
          <h2 id="keys">{title}</h2>
          {lead && <p className="small muted">{lead}</p>}
        </div>
        {query.data !== undefined && query.data.length > 0 && create}
      </div>
      <Loaded query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <div className="card">
              <EmptyState icon={KeyRound} title={texts.emptyTitle} actions={create}>
                {empty}
              </EmptyState>
            </div>
          ) : (
            <ApiKeyTable
              keys={keys}
              mayRevoke={(key) => tenant === undefined || roles.some((role) => role === key.role)}
              onRevoke={setRevoking}
            />
          )
        }
      </Loaded>
      <NewKeyDialog
        tenant={tenant}
        roles={roles}
        isOpen={creating}
        onClose={() => setCreating(false)}
        onIssued={(key) => {
          setCreating(false);
          setIssued(key);
          void query.refetch();
        }}
      />
      <OnceDialog
        title={issued ? texts.secret.title(issued.name) : ""}
        texts={texts.secret}
        isOpen={issued !== undefined}
        onClose={() => setIssued(undefined)}
      >
        <p className="muted">{texts.secret.once}</p>
        {issued && <CopyField label={texts.secret.label} value={issued.token} secret />}
      </OnceDialog>
      <RevokeKeyDialog
        apiKey={revoking}
        onRevoke={async (key) => {
          await revokeApiKey(tenant, key.id);
          void query.refetch();
        }}
        onClose={() => setRevoking(undefined)}
      />
    </section>
  );
}

/** Names the key, its last use and what stops. What is in use asks for its name. */
function RevokeKeyDialog({
  apiKey,
  onRevoke,
  onClose,
}: {
  apiKey: ApiKey | undefined;
  onRevoke: (key: ApiKey) => Promise<void>;
  onClose: () => void;
}) {
  const { keys: texts } = usePeopleMessages();
  const used = apiKey !== undefined && recentlyUsed(apiKey, Date.now());
  return (
    <ConfirmDialog
      title={apiKey ? texts.revoking(apiKey.name) : ""}
      isOpen={apiKey !== undefined}
      action={texts.revokeAction}
      typed={used ? apiKey.name : undefined}
      onConfirm={async () => {
        if (apiKey) await onRevoke(apiKey);
      }}
      onClose={onClose}
    >
      <p>{texts.revokingEffect}</p>
      <p>
        {apiKey?.lastUsed ? (
          <>
            {texts.used} <Time at={apiKey.lastUsed.at} />. {texts.stops}
          </>
        ) : (
          texts.unused
        )}
      </p>
    </ConfirmDialog>
  );
}
