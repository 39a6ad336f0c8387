import { Ban, Copy } from "lucide-react";
import type { ApiKey } from "../../api/types";
import { usePeopleMessages } from "../../messages/people";
import { Chip } from "../../ui/Chip";
import { useCopy } from "../../ui/Copy";
import { useNow } from "../../ui/clock";
import { MenuButton, type MenuEntry } from "../../ui/MenuButton";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";
import { stateOf, stateTones } from "../credentials/state";

type Acts = { mayRevoke: (key: ApiKey) => boolean; onRevoke: (key: ApiKey) => void };

export function ApiKeyTable({ keys, ...acts }: { keys: ApiKey[] } & Acts) {
  const { keys: texts } = usePeopleMessages();
  return (
    <div className="table-frame">
      <table className="table keys" aria-labelledby="keys">
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col" className="from-middle">
              {texts.role}
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
          {keys.map((key) => (
            <Row key={key.id} apiKey={key} {...acts} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ apiKey, mayRevoke, onRevoke }: { apiKey: ApiKey } & Acts) {
  const { keys: texts, people, time } = usePeopleMessages();
  const state = stateOf(apiKey, useNow());
  const { lastUsed } = apiKey;
  const { copy } = useCopy();
  const entries: MenuEntry[] = [
    { id: "copy", label: texts.copyId, icon: Copy, onAction: () => void copy(apiKey.id) },
    ...(apiKey.state === "active" && mayRevoke(apiKey)
      ? [{ id: "revoke", label: texts.revokeAction, icon: Ban, danger: true, onAction: () => onRevoke(apiKey) }]
      : []),
  ];
  return (
    <tr data-ended={apiKey.state === "active" ? undefined : ""}>
      <th scope="row">
        <span className="key-name">{apiKey.name}</span>
        <span className="quiet small block">
          <code>{apiKey.startsWith}</code> {texts.by(apiKey.createdBy)}
        </span>
      </th>
      <td className="from-middle">{people.roleNames[apiKey.role]}</td>
      <td className="from-middle">
        {lastUsed ? (
          <>
            <Time at={lastUsed.at} />
            {lastUsed.address && <span className="quiet small block">{texts.from(lastUsed.address)}</span>}
          </>
        ) : (
          <span className="quiet">{time.never}</span>
        )}
      </td>
      <td className="from-narrow">
        <End apiKey={apiKey} />
      </td>
      <td>
        <Chip tone={stateTones[state]}>{texts.states[state]}</Chip>
      </td>
      <td>
        <MenuButton label={texts.actionsOf(apiKey.name)} entries={entries} />
      </td>
    </tr>
  );
}

function End({ apiKey }: { apiKey: ApiKey }) {
  const { keys: texts } = usePeopleMessages();
  if (apiKey.revokedAt) {
    return (
      <span className="quiet">
        {texts.revokedAt} <Time at={apiKey.revokedAt} />
        {apiKey.revokedBy && <span className="small block">{texts.by(apiKey.revokedBy)}</span>}
      </span>
    );
  }
  if (!apiKey.endsAt) return <span className="quiet">{texts.noEnd}</span>;
  if (apiKey.state === "ended") {
    return (
      <span className="quiet">
        {texts.endedAt} <Time at={apiKey.endsAt} />
      </span>
    );
  }
  return <Time at={apiKey.endsAt} past={false} />;
}
