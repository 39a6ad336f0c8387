import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { groupsOfUserQuery, userQuery } from "../../api/directory";
import type { Tenant, UserDetail } from "../../api/types";
import { BackLink } from "../../components/BackLink";
import { Gone } from "../../components/Gone";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { Timeline } from "../../components/timeline/Timeline";
import { useList } from "../../components/useList";
import { useSearchState } from "../../components/useSearchState";
import { useMessages } from "../../messages";
import { routes, searches, type userTabs } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { CopyId } from "../../ui/Copy";
import { JsonView } from "../../ui/JsonView";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Tabs } from "../../ui/Tabs";
import { Time } from "../../ui/Time";
import { Attributes } from "./Attributes";
import { UserRoles } from "./UserRoles";
import { nameOfUser } from "./UsersPage";

export function UserPage() {
  const { tenant = "", user = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right="directory:read">
      {(data) => <LoadedUser key={user} tenant={data} slug={tenant} id={user} />}
    </TenantPage>
  );
}

function LoadedUser({ tenant, slug, id }: { tenant: Tenant; slug: string; id: string }) {
  const query = useQuery(userQuery(slug, id));
  return (
    <Loaded query={query} missing={<Gone tenant={tenant} slug={slug} id={id} about="user" />} heads>
      {(user) => <Person tenant={tenant} slug={slug} user={user} />}
    </Loaded>
  );
}

function Person({ tenant, slug, user }: { tenant: Tenant; slug: string; user: UserDetail }) {
  const { user: texts, idps } = useMessages();
  const [search, change] = useSearchState(searches.user);
  const [only, ...others] = tenant.connections.filter((connection) => connection.state === "open");
  const owner = only && others.length === 0 && only.idp !== "other" ? idps[only.idp] : undefined;
  return (
    <>
      <PageHeader
        title={nameOfUser(user)}
        trail={[texts.screen, tenant.name]}
        before={<BackLink href={routes.users(slug)}>{texts.back}</BackLink>}
        lead={
          <div className="row">
            <Chip tone={user.active ? "ok" : "plain"}>{user.active ? texts.active : texts.inactive}</Chip>
            <span>{user.userName}</span>
          </div>
        }
      />
      <section className="card card-pad contained">
        <Facts>
          <Fact label={texts.id}>
            <CopyId value={user.id} what={texts.id} />
          </Fact>
          {user.externalId && (
            <Fact label={texts.externalId}>
              <CopyId value={user.externalId} what={texts.externalId} />
            </Fact>
          )}
          {user.manager && (
            <Fact label={texts.manager}>
              {user.manager.id ? (
                <Link href={routes.user(slug, user.manager.id)}>{user.manager.displayName ?? user.manager.value}</Link>
              ) : (
                <>
                  <code>{user.manager.value}</code> <span className="quiet">({texts.managerAway})</span>
                </>
              )}
            </Fact>
          )}
          <Fact label={texts.created}>
            <Time at={user.createdAt} />
          </Fact>
          <Fact label={texts.changed}>
            <Time at={user.updatedAt} />{" "}
            <span className="quiet">
              ({texts.version} {user.version})
            </span>
          </Fact>
        </Facts>
        <p className="small quiet owner-note">{texts.owner(owner)}</p>
      </section>
      <Tabs<(typeof userTabs)[number]>
        label={texts.tabsLabel}
        value={search.tab ?? "history"}
        onChange={(tab) => change({ tab: tab === "history" ? undefined : tab }, { replace: true })}
        tabs={[
          {
            id: "history",
            label: texts.tabs.history,
            content: () => (
              <Timeline tenant={tenant} slug={slug} of={user.id} about="user" search={search} change={change} />
            ),
          },
          { id: "attributes", label: texts.tabs.attributes, content: () => <Attributes resource={user.resource} /> },
          { id: "groups", label: texts.tabs.groups, content: () => <GroupsOf slug={slug} id={user.id} /> },
          { id: "roles", label: texts.tabs.roles, content: () => <UserRoles slug={slug} id={user.id} /> },
          { id: "raw", label: texts.tabs.raw, content: () => <JsonView value={user.resource} label={texts.raw} /> },
        ]}
      />
    </>
  );
}

function GroupsOf({ slug, id }: { slug: string; id: string }) {
  const { user: texts, states } = useMessages();
  const query = useInfiniteQuery(groupsOfUserQuery(slug, id));
  const { rows, more } = useList(query);
  return (
    <Loaded query={query}>
      {() =>
        rows.length === 0 ? (
          <p className="card card-pad muted">{texts.noGroup}</p>
        ) : (
          <>
            <div className="table-frame">
              <table className="table" aria-label={texts.tabs.groups}>
                <thead>
                  <tr>
                    <th scope="col">{texts.group}</th>
                    <th scope="col">{texts.membership}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((group) => (
                    <tr key={group.id}>
                      <th scope="row">
                        <Link href={routes.group(slug, group.id)} className="link-plain">
                          {group.displayName}
                        </Link>
                      </th>
                      <td className="muted">{group.type === "direct" ? texts.direct : texts.indirect}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {more && (
              <div className="table-foot">
                <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                  {states.more}
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  );
}
