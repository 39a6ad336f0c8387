/** What a person may open: the screens of a tenant and of the service, in the order of the rail. */
import {
  Activity,
  BookOpen,
  Building2,
  Code,
  Gauge,
  GitCommitVertical,
  HeartPulse,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  ScrollText,
  Settings,
  User,
  UserCog,
  UserRoundCheck,
  Users,
  Webhook,
} from "lucide-react";
import { may } from "../api/rights";
import type { Session, Tenant } from "../api/types";
import type { Messages } from "../messages";
import { routes } from "../routes";

export type Screen = { href: string; label: string; icon: LucideIcon; exact?: boolean };
export type Screens = { title: string; entries: Screen[] };

type Texts = Messages["menu"];

/** The screens of a tenant for those rights. */
export function tenantScreens(tenant: string, rights: Tenant["rights"], menu: Texts): Screens[] {
  const only = (right: string, entry: Screen) => (rights.includes(right) ? [entry] : []);
  return [
    {
      title: menu.connect,
      entries: [
        { href: routes.tenant(tenant), label: menu.overview, icon: LayoutDashboard, exact: true },
        ...only("credentials:write", { href: routes.setup(tenant), label: menu.setup, icon: ListChecks }),
        ...only("credentials:read", { href: routes.credentials(tenant), label: menu.credentials, icon: KeyRound }),
      ],
    },
    {
      title: menu.directory,
      entries: [
        ...only("directory:read", { href: routes.users(tenant), label: menu.users, icon: User }),
        ...only("directory:read", { href: routes.groups(tenant), label: menu.groups, icon: Users }),
        ...only(may.readAccess, { href: routes.access(tenant), label: menu.access, icon: UserRoundCheck }),
      ],
    },
    {
      title: menu.activity,
      entries: [
        ...only("log:read", { href: routes.log(tenant), label: menu.log, icon: Activity }),
        ...only(may.followChanges, { href: routes.changes(tenant), label: menu.changes, icon: GitCommitVertical }),
        ...only("log:read", { href: routes.health(tenant), label: menu.health, icon: HeartPulse }),
        ...only("audit:read", { href: routes.audit(tenant), label: menu.audit, icon: ScrollText }),
      ],
    },
    {
      title: menu.settings,
      entries: only("tenant:rename", { href: routes.settings(tenant), label: menu.tenant, icon: Settings }),
    },
  ];
}

/** The screens of the service for an operator. */
export function serviceScreens({ admin, rights }: Pick<Session, "admin" | "rights">, menu: Texts): Screens[] {
  if (!admin.operator) return [];
  const only = (right: string, entry: Screen) => (rights.includes(right) ? [entry] : []);
  return [
    {
      title: menu.service,
      entries: [
        { href: routes.tenants(), label: menu.tenants, icon: Building2 },
        ...only("system:people", { href: routes.admins(), label: menu.people, icon: UserCog }),
        { href: routes.appRoles(), label: menu.appRoles, icon: UserRoundCheck },
        ...only("system:read", { href: routes.system(), label: menu.system, icon: Gauge }),
        ...only("system:audit", { href: routes.serviceAudit(), label: menu.serviceAudit, icon: ScrollText }),
      ],
    },
  ];
}

/** What programs are built with. */
export function buildScreens(tenant: string | undefined, rights: Tenant["rights"], menu: Texts): Screens {
  const only = (right: string, entry: Screen) => (rights.includes(right) ? [entry] : []);
  const ofTenant =
    tenant === undefined
      ? []
      : [
          ...only(may.manageWebhooks, { href: routes.webhooks(tenant), label: menu.webhooks, icon: Webhook }),
          ...only("api_keys:manage", { href: routes.developers(tenant), label: menu.developers, icon: Code }),
        ];
  return {
    title: menu.build,
    entries: [...ofTenant, { href: routes.reference(), label: menu.reference, icon: BookOpen }],
  };
}
