import { Activity, Ban, Copy, KeyRound, RefreshCw } from "lucide-react";
import type { Connection, Credential, Tenant } from "../../api/types";
import { useCredentialsMessages } from "../../messages/credentials";
import { routes } from "../../routes";
import { Chip } from "../../ui/Chip";
import { useCopy } from "../../ui/Copy";
import { useNow } from "../../ui/clock";
import { MenuButton, type MenuEntry } from "../../ui/MenuButton";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { ConnectionMenu } from "./ConnectionMenu";
import { RotationNote } from "./RotationNote";
import { stateOf, stateTones } from "./state";

/** One connection with its credentials. */
export function ConnectionSection({
  tenant,
  slug,
  connection,
  credentials,
  onOpen,
  onRotate,
  onRevoke,
  onChanged,
}: {
  tenant: Tenant;
  slug: string;
  connection: Connection;
  credentials: Credential[];
  /** Shows the secrets and keys of an OAuth client. */
  onOpen: (client: Credential) => void;
  onRotate: (credential: Credential) => void;
  onRevoke: (credential: Credential) => void;
  onChanged: () => void;
}) {
  const { credentials: texts, idps } = useCredentialsMessages();
  const id = `connection-${connection.id}`;
  const active = credentials.filter((credential) => credential.state === "active");
  const live = active.length;
  const mayWrite = tenant.rights.includes("credentials:write");
  const rotating = active.filter((before) => active.some((successor) => successor.replaces === before.id));
  return (
    <section className="stack-tight" aria-labelledby={id}>
      <div className="connection-head">
        <h2 id={id}>{connection.name}</h2>
        {connection.name !== idps[connection.idp] && <span className="muted">{idps[connection.idp]}</span>}
        {connection.strict && <Chip tone="plain">{texts.connection.strictChip}</Chip>}
        {connection.state === "closed" && <Chip tone="plain">{texts.connection.closedChip}</Chip>}
        {tenant.rights.includes("connections:write") && connection.state === "open" && (
          <ConnectionMenu tenant={slug} connection={connection} live={live} onChanged={onChanged} />
        )}
      </div>
      {credentials.length === 0 ? (
        <p className="card card-pad muted">{texts.emptyConnection}</p>
      ) : (
        <div className="table-frame">
          <table className="table credentials" aria-labelledby={id}>
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col" className="from-narrow">
                  {texts.startsWith}
                </th>
                <th scope="col" className="from-middle">
                  {texts.rights}
                </th>
                <th scope="col" className="from-middle">
                  {texts.lastUsed}
                </th>
                <th scope="col" className="from-narrow">
                  {texts.ends}
                </th>
                <th scope="col">{texts.state}</th>
                <th scope="col">
                  <span className="visually-hidden">{texts.actions}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {credentials.map((credential) => (
                <Row
                  key={credential.id}
                  slug={slug}
                  tenant={tenant}
                  credential={credential}
                  onOpen={onOpen}
                  onRotate={onRotate}
                  onRevoke={onRevoke}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rotating.map((before) => (
        <RotationNote key={before.id} tenant={slug} before={before} mayWrite={mayWrite} onRevoke={onRevoke} />
      ))}
    </section>
  );
}

function Row({
  slug,
  tenant,
  credential,
  onOpen,
  onRotate,
  onRevoke,
}: {
  slug: string;
  tenant: Tenant;
  credential: Credential;
  /** Shows the secrets and keys of an OAuth client. */
  onOpen: (client: Credential) => void;
  onRotate: (credential: Credential) => void;
  onRevoke: (credential: Credential) => void;
}) {
  const { credentials: texts, time, idpsShort } = useCredentialsMessages();
  const now = useNow();
  const { copy } = useCopy();
  const state = stateOf(credential, now);
  const { lastUsed } = credential;
  const client = credential.kind === "oauth_client";
  const entries: MenuEntry[] = [
    ...(client
      ? [{ id: "client", label: texts.secretsAndKeys, icon: KeyRound, onAction: () => onOpen(credential) }]
      : []),
    { id: "copy", label: texts.copyId, icon: Copy, onAction: () => void copy(credential.id) },
    ...(tenant.rights.includes("log:read")
      ? [{ id: "log", label: texts.inLog, icon: Activity, href: routes.log(slug, { credential: credential.id }) }]
      : []),
    ...(tenant.rights.includes("credentials:write") && credential.state === "active" && !client
      ? [{ id: "rotate", label: texts.rotate, icon: RefreshCw, onAction: () => onRotate(credential) }]
      : []),
    ...(tenant.rights.includes("credentials:write") && credential.state === "active"
      ? [
          {
            id: "revoke",
            label: client ? texts.revokeClient : texts.revoke,
            icon: Ban,
            danger: true,
            onAction: () => onRevoke(credential),
          },
        ]
      : []),
  ];
  return (
    <tr data-ended={credential.state === "active" ? undefined : ""}>
      <th scope="row">
        <span className="credential-name">{credential.name}</span>
        <span className="quiet small block">{texts.kinds[credential.kind]}</span>
        <span className="cell-sub">
          <code>{credential.startsWith}</code>
        </span>
      </th>
      <td className="from-narrow">
        <code>{credential.startsWith}</code>
      </td>
      <td className="from-middle">{texts.rightsOf[credential.rights]}</td>
      <td className="from-middle">
        {lastUsed ? (
          <>
            <Time at={lastUsed.at} />
            <span className="quiet small block">
              {lastUsed.idp && lastUsed.idp !== "other" && `${idpsShort[lastUsed.idp]}, `}
              {texts.from(lastUsed.address)}
            </span>
          </>
        ) : (
          <span className="quiet">{time.never}</span>
        )}
      </td>
      <td className="from-narrow">
        <End credential={credential} />
      </td>
      <td>
        <Chip tone={stateTones[state]}>{texts.states[state]}</Chip>
      </td>
      <td className="number">
        <MenuButton label={texts.actionsOf(credential.name)} entries={entries} />
      </td>
    </tr>
  );
}

function End({ credential }: { credential: Credential }) {
  const { credentials: texts } = useCredentialsMessages();
  if (credential.revokedAt) {
    return (
      <span className="quiet">
        {texts.revokedAt} <Time at={credential.revokedAt} />
        {credential.revokedBy && <span className="small block">{texts.revokedBy(credential.revokedBy)}</span>}
      </span>
    );
  }
  if (!credential.endsAt) return <span className="quiet">{texts.noEnd}</span>;
  if (credential.state === "ended") {
    return (
      <span className="quiet">
        {texts.endedAt} <Time at={credential.endsAt} />
      </span>
    );
  }
  return <Time at={credential.endsAt} past={false} />;
}
