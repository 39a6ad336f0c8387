import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { useId } from "react";
import { revokeWhenQuiet, rotationQuery } from "../../api/credentials";
import type { Credential, Rotation } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { useCredentialsMessages } from "../../messages/credentials";
import { usePreferences } from "../../preferences";
import { Button } from "../../ui/Button";
import { useNow } from "../../ui/clock";
import { MenuButton } from "../../ui/MenuButton";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";

/** How long the old token is to be quiet before it goes by itself. */
const QUIET_HOURS = 24;

type Props = {
  tenant: string;
  before: Credential;
  mayWrite: boolean;
  onRevoke: (credential: Credential) => void;
};

/**
 * How far the IdP has moved from a token to its successor; when it has, the one before is revoked here, or left to go.
 * Before that nobody should: who has to, as after a leak, finds it in a menu, and reads first how much comes with it.
 */
export function RotationNote({ tenant, before, mayWrite, onRevoke }: Props) {
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
      <Traffic rotation={data} before={before} />
      {mayWrite && data.moved && (
        <Button variant="primary" onPress={() => onRevoke(before)}>
          {texts.revoke}
        </Button>
      )}
      {mayWrite && !data.moved && (
        <MenuButton
          label={texts.more(before.name)}
          entries={[
            { id: "revoke", label: texts.revokeEarly, icon: Ban, danger: true, onAction: () => onRevoke(before) },
          ]}
        />
      )}
      {(mayWrite || before.whenQuiet) && <ByItself tenant={tenant} before={before} mayWrite={mayWrite} />}
    </section>
  );
}

/** Which of the two tokens the last requests came with. */
function Traffic({ rotation, before }: { rotation: Rotation; before: Credential }) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.rotation;
  const { times } = usePreferences();
  const now = useNow();
  const { moved, requests, lastRequestAt, since, successorRequests, successorRequestsInAll } = rotation;
  return (
    <div>
      <h3>{texts.title(before.name)}</h3>
      <p>
        {moved && since
          ? texts.moved(successorRequests, texts.moment(new Date(since), new Date(now), times === "utc"))
          : texts.share(successorRequestsInAll, requests + successorRequestsInAll)}
      </p>
      <p className="quiet small">
        {lastRequestAt ? (
          <>
            {texts.oldUsed(requests)} <Time at={lastRequestAt} />
          </>
        ) : (
          texts.oldUnused(before.startsWith)
        )}
      </p>
    </div>
  );
}

/** The old token may be left to go by itself, which harms nobody: it waits for traffic of the new one. */
function ByItself({ tenant, before, mayWrite }: Pick<Props, "tenant" | "before" | "mayWrite">) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.rotation;
  const queries = useQueryClient();
  const effect = useId();
  const planned = before.whenQuiet;
  const action = useAction(async (hours?: number) => {
    await revokeWhenQuiet(tenant, before.id, hours);
    await queries.invalidateQueries({ queryKey: ["credentials", tenant] });
  });
  return (
    <div className="rotation-early">
      <p className="quiet small" id={effect}>
        {planned ? (
          <>
            {texts.planned(planned.hours, planned.by)} <Time at={planned.notBefore} past={false} />.
          </>
        ) : (
          texts.whenQuietEffect
        )}
      </p>
      {mayWrite && (
        <Button
          aria-describedby={effect}
          isPending={action.pending}
          onPress={() => void action.run(planned ? undefined : QUIET_HOURS)}
        >
          {planned ? texts.callOff : texts.whenQuiet(QUIET_HOURS)}
        </Button>
      )}
      {action.error !== undefined && <FailureBox error={action.error} />}
    </div>
  );
}
