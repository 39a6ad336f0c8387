/** The menu: only what exists, and only what this person may open. */
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { CircleHelp, Moon, Search, Sun } from "lucide-react";
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
import { buildScreens, type Screens, serviceScreens, tenantScreens } from "./menu";
import "./Rail.css";
import { TenantSwitcher } from "./TenantSwitcher";
import { useSession } from "./useSession";

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
        {serviceScreens(session, menu).map((screens) => (
          <Group key={screens.title} {...screens} />
        ))}
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
  return tenantScreens(tenant, data.rights, menu).map((screens) => <Group key={screens.title} {...screens} />);
}

function Build({ tenant }: { tenant: string | undefined }) {
  const { menu } = useMessages();
  const { data } = useQuery({ ...tenantQuery(tenant ?? ""), enabled: tenant !== undefined });
  return <Group {...buildScreens(tenant, data?.rights ?? [], menu)} />;
}

function Group({ title, entries }: Screens) {
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
