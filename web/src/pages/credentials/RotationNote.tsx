import { useQuery } from "@tanstack/react-query";
import { rotationQuery } from "../../api/credentials";
import type { Credential } from "../../api/types";
import { useCredentialsMessages } from "../../messages/credentials";
import { Button } from "../../ui/Button";
import { Time } from "../../ui/Time";

/** How far the IdP has moved from a token to its successor; when it has, the one before can be revoked here. */
export function RotationNote({
  tenant,
  before,
  mayWrite,
  onRevoke,
}: {
  tenant: string;
  before: Credential;
  mayWrite: boolean;
  onRevoke: (credential: Credential) => void;
}) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.rotation;
  const { data } = useQuery(rotationQuery(tenant, before.id));
  if (!data?.successorId) return null;
  return (
    <section
      className="card card-pad rotation"
      aria-label={texts.title(before.name)}
      data-moved={data.moved || undefined}
    >
      <div>
        <h3>{texts.title(before.name)}</h3>
        <p>{data.moved ? texts.moved(data.successorRequests) : texts.waiting(before.startsWith)}</p>
        <p className="quiet small">
          {data.lastRequestAt ? (
            <>
              {texts.oldUsed(data.requests)} <Time at={data.lastRequestAt} />
            </>
          ) : (
            texts.oldUnused
          )}
        </p>
      </div>
      {mayWrite && (
        <Button variant={data.moved ? "primary" : undefined} onPress={() => onRevoke(before)}>
          {data.moved ? texts.revoke : texts.revokeNow}
        </Button>
      )}
    </section>
  );
}
