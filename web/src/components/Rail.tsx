/** The menu: only what exists, and only what this person may open. */
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import {
  Activity,
  BookOpen,
  Building2,
  CircleHelp,
  Code,
  Gauge,
  HeartPulse,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  Moon,
  ScrollText,
  Search,
  Settings,
  Sun,
  User,
  UserCog,
  Users,
} from "lucide-react";
import { useId } from "react";
import { Link as AriaLink } from "react-aria-components";
import { tenantQuery } from "../api/tenants";
import { useMessages } from "../messages";
import { preferences, usePreferences } from "../preferences";
import { routes } from "../routes";
import { IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { useMedia } from "../ui/media";
import { Brand } from "./Brand";
import { MeMenu } from "./MeMenu";
import "./Rail.css";
import { TenantSwitcher } from "./TenantSwitcher";
import { useSession } from "./useSession";

type Entry = { href: string; label: string; icon: LucideIcon; exact?: boolean };

export function Rail({
  tenant,
  onHelp,
  onFind,
}: {
  tenant: string | undefined;
  onHelp: () => void;
  /** Asks for a name; absent where there is nothing to find anybody in. */
  onFind: (() => void) | undefined;
}) {
  const { menu } = useMessages();
  const session = useSession();
  return (
    <nav className="rail" aria-label={menu.label}>
      <div className="rail-head">
        <AriaLink href={routes.home()} className="rail-brand">
          <Brand />
        </AriaLink>
        {onFind && <IconButton label={menu.find} icon={Search} onPress={onFind} />}
      </div>
      <TenantSwitcher tenant={tenant} />
      <div className="rail-groups">
        {tenant !== undefined && <TenantMenu tenant={tenant} />}
        {session.admin.operator && (
          <Group
            title={menu.service}
            entries={[
              { href: routes.tenants(), label: menu.tenants, icon: Building2 },
              ...(session.rights.includes("system:people")
                ? [{ href: routes.admins(), label: menu.people, icon: UserCog }]
                : []),
              ...(session.rights.includes("system:read")
                ? [{ href: routes.system(), label: menu.system, icon: Gauge }]
                : []),
              ...(session.rights.includes("system:audit")
                ? [{ href: routes.serviceAudit(), label: menu.serviceAudit, icon: ScrollText }]
                : []),
            ]}
          />
        )}
        <Build tenant={tenant} />
      </div>
      <Foot name={session.admin.name} onHelp={onHelp} />
    </nav>
  );
}

function TenantMenu({ tenant }: { tenant: string }) {
  const { menu } = useMessages();
  const { data } = useQuery(tenantQuery(tenant));
  if (!data) return null;
  const may = (right: string) => data.rights.includes(right);
  const only = (right: string, entry: Entry) => (may(right) ? [entry] : []);
  return (
    <>
      <Group
        title={menu.connect}
        entries={[
          { href: routes.tenant(tenant), label: menu.overview, icon: LayoutDashboard, exact: true },
          ...only("credentials:write", { href: routes.setup(tenant), label: menu.setup, icon: ListChecks }),
          ...only("credentials:read", { href: routes.credentials(tenant), label: menu.credentials, icon: KeyRound }),
        ]}
      />
      <Group
        title={menu.directory}
        entries={[
          ...only("directory:read", { href: routes.users(tenant), label: menu.users, icon: User }),
          ...only("directory:read", { href: routes.groups(tenant), label: menu.groups, icon: Users }),
        ]}
      />
      <Group
        title={menu.activity}
        entries={[
          ...only("log:read", { href: routes.log(tenant), label: menu.log, icon: Activity }),
          ...only("log:read", { href: routes.health(tenant), label: menu.health, icon: HeartPulse }),
          ...only("audit:read", { href: routes.audit(tenant), label: menu.audit, icon: ScrollText }),
        ]}
      />
      <Group
        title={menu.settings}
        entries={only("tenant:rename", { href: routes.settings(tenant), label: menu.tenant, icon: Settings })}
      />
    </>
  );
}

function Build({ tenant }: { tenant: string | undefined }) {
  const { menu } = useMessages();
  const { data } = useQuery({ ...tenantQuery(tenant ?? ""), enabled: tenant !== undefined });
  return (
    <Group
      title={menu.build}
      entries={[
        ...(tenant !== undefined && data?.rights.includes("api_keys:manage")
          ? [{ href: routes.developers(tenant), label: menu.developers, icon: Code }]
          : []),
        { href: routes.reference(), label: menu.reference, icon: BookOpen },
      ]}
    />
  );
}

function Group({ title, entries }: { title: string; entries: Entry[] }) {
  const id = useId();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (entries.length === 0) return null;
  return (
    <div className="rail-group">
      <p id={id} className="rail-title">
        {title}
      </p>
      <ul aria-labelledby={id}>
        {entries.map((entry) => {
          const current = path === entry.href || (!entry.exact && path.startsWith(`${entry.href}/`));
          return (
            <li key={entry.href}>
              <AriaLink
                href={entry.href}
                className="rail-link"
                {...(current ? { "aria-current": "page" as const } : {})}
              >
                <Icon of={entry.icon} />
                {entry.label}
              </AriaLink>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Foot({ name, onHelp }: { name: string; onHelp: () => void }) {
  const { menu } = useMessages();
  const { theme } = usePreferences();
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  const dark = theme === "dark" || (theme === "system" && systemDark);
  return (
    <div className="rail-foot">
      <MeMenu name={name} />
      <IconButton
        label={dark ? menu.light : menu.dark}
        icon={dark ? Sun : Moon}
        onPress={() => preferences.change({ theme: dark ? "light" : "dark" })}
      />
      <IconButton label={menu.help} icon={CircleHelp} onPress={onHelp} />
    </div>
  );
}
