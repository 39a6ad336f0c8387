import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { invitationsQuery, renewInvitation, revokeInvitation } from "../../api/people";
import type { Invitation } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import type { MadeLink } from "./LinkDialog";
import "./people.css";

/** Who was invited and has not answered; nothing at all while there is nobody. */
export function PendingInvitations({
  tenant,
  headAs: Head,
  onRenewed,
}: {
  /** Of which tenant; of the service without one. */
  tenant: string | undefined;
  /** Keeps the order of headings right where the list stands. */
  headAs: "h2" | "h3";
  onRenewed: (made: MadeLink) => void;
}) {
  const { invitations: texts } = usePeopleMessages();
  const query = useQuery(invitationsQuery(tenant));
  const [revoking, setRevoking] = useState<Invitation>();
  return (
    <Loaded query={query}>
      {(invitations) =>
        invitations.length > 0 && (
          <section className="stack-tight" aria-labelledby="pending">
            <Head id="pending">{texts.pending}</Head>
            <ul className={Head === "h2" ? "people-list card" : "people-list"} aria-labelledby="pending">
              {invitations.map((invitation) => (
                <Row
                  key={invitation.id}
                  tenant={tenant}
                  invitation={invitation}
                  onRenewed={(made) => {
                    void query.refetch();
                    onRenewed(made);
                  }}
                  onRevoke={() => setRevoking(invitation)}
                />
              ))}
            </ul>
            <ConfirmDialog
              title={texts.revoking(revoking?.email ?? "")}
              isOpen={revoking !== undefined}
              action={texts.revokeAction}
              onConfirm={async () => {
                if (revoking) await revokeInvitation(tenant, revoking.id);
                void query.refetch();
              }}
              onClose={() => setRevoking(undefined)}
            >
              <p>{texts.revokingEffect}</p>
            </ConfirmDialog>
          </section>
        )
      }
    </Loaded>
  );
}

function Row({
  tenant,
  invitation,
  onRenewed,
  onRevoke,
}: {
  tenant: string | undefined;
  invitation: Invitation;
  onRenewed: (made: MadeLink) => void;
  onRevoke: () => void;
}) {
  const { invitations: texts, people, link } = usePeopleMessages();
  const renew = useAction(async () => {
    const { invitation: renewed, ...rest } = await renewInvitation(tenant, invitation.id);
    onRenewed({ ...rest, title: link.invitation(renewed.email), ...renewed });
  });
  return (
    <li className="people-row">
      <div className="people-who">
        <span className="people-name">
          {invitation.name}{" "}
          <Chip tone={invitation.expired ? "warn" : "info"}>{invitation.expired ? texts.expired : texts.waiting}</Chip>
        </span>
        <span className="small muted">{invitation.email}</span>
        <span className="small quiet">
          {people.roleNames[invitation.role]}, {texts.by(invitation.createdBy)}
          {!invitation.expired && (
            <>
              , {texts.expires} <Time at={invitation.expiresAt} past={false} />
            </>
          )}
          {invitation.mailedAt && `, ${texts.mailed}`}
        </span>
        {renew.error !== undefined && <FailureBox error={renew.error} />}
      </div>
      <div className="people-actions">
        <Button isPending={renew.pending} onPress={() => void renew.run()} aria-label={texts.renewOf(invitation.email)}>
          {texts.renew}
        </Button>
        <Button onPress={onRevoke} aria-label={texts.revokeOf(invitation.email)}>
          {texts.revoke}
        </Button>
      </div>
    </li>
  );
}
