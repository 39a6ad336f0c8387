/** Answering an invitation: a one-time code in the address's fragment, which no log or proxy sees. */
import { useQuery } from "@tanstack/react-query";
import { failureOf } from "../../api/failure";
import { checkInvitation } from "../../api/invitations";
import { sessionQuery } from "../../api/session";
import type { OpenInvitation } from "../../api/types";
import { EntryCard } from "../../components/EntryCard";
import { FailureBox } from "../../components/FailureBox";
import { UsedLink } from "../../components/UsedLink";
import { useLinkCode } from "../../components/useLinkCode";
import { EntryMessages, useEntryMessages } from "../../messages/entry";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { KnownPerson, NewPerson, OtherPerson, SignedInPerson } from "./answers";

export function InvitePage() {
  const link = useLinkCode();
  return (
    <EntryMessages.Load>
      <EntryCard>
        <Invite key={link.turn} {...link} />
      </EntryCard>
    </EntryMessages.Load>
  );
}

function Invite({ code, turn }: { code: string; turn: number }) {
  const { invite } = useEntryMessages();
  const check = useQuery({
    queryKey: ["invitation", turn],
    queryFn: () => checkInvitation(code),
    enabled: code !== "",
    retry: false,
    gcTime: 0,
    // The link is used up by accepting; looking again would only say so.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const waiting = useDelayed(check.isPending && code !== "");
  if (code === "" || (check.error !== null && failureOf(check.error).code === "code_unknown"))
    return <UsedLink title={invite.title} why={invite.used} />;
  const { data } = check;
  const lead =
    data && (data.tenant ? invite.intoTenant(data.createdBy, data.tenant) : invite.intoService(data.createdBy));
  return (
    <>
      <PageHeader title={invite.title} lead={lead && <p>{lead}</p>} />
      {waiting && <Skeleton lines={5} />}
      {check.error !== null && <FailureBox error={check.error} onRetry={() => check.refetch()} />}
      {data && (
        <>
          <About invitation={data} />
          <Answer code={code} invitation={data} onTaken={() => void check.refetch()} />
        </>
      )}
    </>
  );
}

function About({ invitation }: { invitation: OpenInvitation }) {
  const { invite } = useEntryMessages();
  return (
    <div className="contained">
      <Facts>
        <Fact label={invite.role}>
          {invite.roles[invitation.role]}
          <span className="small quiet block">{invite.can[invitation.role]}</span>
        </Fact>
        {invitation.tenant && (
          <Fact label={invite.tenant}>
            {invitation.tenant} <code className="quiet">{invitation.tenantSlug}</code>
          </Fact>
        )}
        <Fact label={invite.email}>{invitation.email}</Fact>
        <Fact label={invite.until}>
          <Time at={invitation.expiresAt} past={false} />
        </Fact>
      </Facts>
    </div>
  );
}

type AnswerProps = {
  code: string;
  invitation: OpenInvitation;
  /** Somebody came to have the address in the meantime. */
  onTaken: () => void;
};

function Answer({ code, invitation, onTaken }: AnswerProps) {
  // Asked anew for every link: another window may have signed out or in since.
  const session = useQuery({ ...sessionQuery, retry: false, staleTime: 0 });
  const { error } = session;
  const signedOut = error !== null && failureOf(error).signedOut;
  const data = signedOut ? undefined : session.data;
  if (data && data.admin.email.toLowerCase() === invitation.email.toLowerCase())
    return <SignedInPerson code={code} invitation={invitation} name={data.admin.name} />;
  if (data) return <OtherPerson email={data.admin.email} invitation={invitation} />;
  if (session.isPending) return null;
  if (!signedOut) return <FailureBox error={error} onRetry={() => session.refetch()} />;
  if (invitation.known) return <KnownPerson code={code} invitation={invitation} />;
  return <NewPerson code={code} invitation={invitation} onTaken={onTaken} />;
}
