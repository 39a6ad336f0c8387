import { useQuery } from "@tanstack/react-query";
import { userAccessQuery } from "../../api/access";
import type { UserAccess } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { AccessMessages, useAccessMessages } from "../../messages/access";
import { routes } from "../../routes";
import { Link } from "../../ui/Link";
import "../../ui/Table.css";

/** The roles of the app that somebody has, and which groups give them. */
export function UserRoles({ slug, id }: { slug: string; id: string }) {
  const query = useQuery(userAccessQuery(slug, id));
  return (
    <AccessMessages.Load>
      <Loaded query={query}>{(access) => <RolesOf slug={slug} access={access} />}</Loaded>
    </AccessMessages.Load>
  );
}

export function RolesOf({ slug, access }: { slug: string; access: UserAccess }) {
  const { userRoles: texts } = useAccessMessages();
  if (access.roles.length === 0) {
    return <p className="card card-pad muted">{access.active ? texts.none : texts.inactive}</p>;
  }
  const names = new Map(access.groups.map(({ id, displayName }) => [id, displayName]));
  return (
    <div className="table-frame">
      <table className="table" aria-label={texts.role}>
        <thead>
          <tr>
            <th scope="col">{texts.role}</th>
            <th scope="col">{texts.through}</th>
          </tr>
        </thead>
        <tbody>
          {access.roles.map((role) => (
            <tr key={role.key}>
              <th scope="row">
                {role.name} <code className="quiet">{role.key}</code>
              </th>
              <td>
                <ul className="row">
                  {role.through.map((group) => (
                    <li key={group}>
                      <Link href={routes.group(slug, group)} className="link-plain">
                        {names.get(group) ?? <code>{group}</code>}
                      </Link>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
