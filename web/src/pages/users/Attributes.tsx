/** The attributes of a resource as the IdP sent them, grouped by the schema they belong to. */
import type { ReactNode } from "react";
import { useMessages } from "../../messages";
import { print } from "../../ui/diff";
import { Fact, Facts } from "../../ui/Stat";

type Tree = { [name: string]: unknown };

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const own = new Set(["schemas", "id", "meta"]);

export function Attributes({ resource }: { resource: Tree }) {
  const { user: texts } = useMessages();
  const core: [string, unknown][] = [];
  const extensions: [string, Tree][] = [];
  for (const [name, value] of Object.entries(resource)) {
    if (own.has(name)) continue;
    if (name.includes(":") && isTree(value)) extensions.push([name, value]);
    else core.push([name, value]);
  }
  return (
    <div className="stack">
      <Group title={texts.core} entries={core} />
      {extensions.map(([urn, values]) => (
        <Group
          key={urn}
          title={urn === ENTERPRISE ? texts.enterprise : <code>{urn}</code>}
          entries={Object.entries(values)}
        />
      ))}
    </div>
  );
}

function Group({ title, entries }: { title: ReactNode; entries: [string, unknown][] }) {
  if (entries.length === 0) return null;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
      </div>
      <div className="card-pad contained">
        <Facts>
          {entries.map(([name, value]) => (
            <Fact key={name} label={name}>
              <Value value={value} />
            </Fact>
          ))}
        </Facts>
      </div>
    </section>
  );
}

function Value({ value }: { value: unknown }) {
  const { user: texts } = useMessages();
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (Array.isArray(value)) {
    return (
      <ul>
        {value.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: values have no identity but their place
          <li key={place}>{isTree(entry) ? <Entry entry={entry} /> : print(entry)}</li>
        ))}
      </ul>
    );
  }
  if (isTree(value)) {
    return (
      <ul>
        {Object.entries(value).map(([name, part]) => (
          <li key={name}>
            <span className="quiet">{name}</span>{" "}
            {isTree(part) || Array.isArray(part) ? <code>{print(part)}</code> : print(part)}
          </li>
        ))}
      </ul>
    );
  }
  return print(value);
}

/** One value of a multi-valued attribute: the value itself, then its type and whether it is the primary one. */
function Entry({ entry }: { entry: Tree }) {
  const { user: texts } = useMessages();
  const { value, display, type, primary, $ref: _reference, ...rest } = entry;
  const shown = value ?? display ?? (Object.keys(rest).length > 0 ? rest : entry);
  const notes = [type, primary === true ? texts.primary : undefined].filter((note) => typeof note === "string");
  return (
    <>
      {isTree(shown)
        ? Object.entries(shown)
            .map(([name, part]) => `${name} ${print(part)}`)
            .join(", ")
        : print(shown)}
      {notes.length > 0 && <span className="quiet"> ({notes.join(", ")})</span>}
    </>
  );
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
