/** The route tree: patterns from `routes.ts`, each page in a chunk of its own. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Crash } from "./components/Crash";
import { Frame } from "./components/Frame";
import { Missing } from "./components/Missing";
import { HomePage } from "./pages/home/HomePage";
import { OverviewPage } from "./pages/overview/OverviewPage";
import { Root } from "./Root";
import { parseSearch, patterns, printSearch } from "./routes";

const root = createRootRoute({ component: Root });

const login = createRoute({
  getParentRoute: () => root,
  path: patterns.login,
  component: lazyRouteComponent(() => import("./pages/login/LoginPage"), "LoginPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: patterns.welcome,
  component: lazyRouteComponent(() => import("./pages/welcome/WelcomePage"), "WelcomePage"),
});

const holder = createRoute({
  getParentRoute: () => root,
  path: patterns.holder,
  component: lazyRouteComponent(() => import("./pages/setup/HolderPage"), "HolderPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: patterns.invite,
  component: lazyRouteComponent(() => import("./pages/invite/InvitePage"), "InvitePage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: patterns.reset,
  component: lazyRouteComponent(() => import("./pages/reset/ResetPage"), "ResetPage"),
});

const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame, notFoundComponent: Missing });

const log = createRoute({
  getParentRoute: () => frame,
  path: patterns.log,
  component: lazyRouteComponent(() => import("./pages/log/LogPage"), "LogPage"),
});

const logEvent = createRoute({
  getParentRoute: () => log,
  path: "$event",
  component: lazyRouteComponent(() => import("./pages/log/EventDetail"), "EventDetail"),
});

const framed = [
  createRoute({ getParentRoute: () => frame, path: patterns.home, component: HomePage }),
  createRoute({ getParentRoute: () => frame, path: patterns.tenant, component: OverviewPage }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.tenants,
    component: lazyRouteComponent(() => import("./pages/tenants/TenantsPage"), "TenantsPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.system,
    component: lazyRouteComponent(() => import("./pages/system/SystemPage"), "SystemPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.admins,
    component: lazyRouteComponent(() => import("./pages/people/AdminsPage"), "AdminsPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.developers,
    component: lazyRouteComponent(() => import("./pages/developers/DevelopersPage"), "DevelopersPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.me,
    component: lazyRouteComponent(() => import("./pages/me/MePage"), "MePage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.reference,
    component: lazyRouteComponent(() => import("./pages/reference/ReferencePage"), "ReferencePage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.setup,
    component: lazyRouteComponent(() => import("./pages/setup/SetupPage"), "SetupPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.guide,
    component: lazyRouteComponent(() => import("./pages/setup/GuidePage"), "GuidePage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.credentials,
    component: lazyRouteComponent(() => import("./pages/credentials/CredentialsPage"), "CredentialsPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.users,
    component: lazyRouteComponent(() => import("./pages/users/UsersPage"), "UsersPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.user,
    component: lazyRouteComponent(() => import("./pages/users/UserPage"), "UserPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.groups,
    component: lazyRouteComponent(() => import("./pages/groups/GroupsPage"), "GroupsPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.group,
    component: lazyRouteComponent(() => import("./pages/groups/GroupPage"), "GroupPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.who,
    component: lazyRouteComponent(() => import("./pages/who/WhoPage"), "WhoPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.settings,
    component: lazyRouteComponent(() => import("./pages/settings/SettingsPage"), "SettingsPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.health,
    component: lazyRouteComponent(() => import("./pages/health/HealthPage"), "HealthPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.audit,
    component: lazyRouteComponent(() => import("./pages/audit/AuditPage"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.serviceAudit,
    component: lazyRouteComponent(() => import("./pages/audit/AuditPage"), "ServiceAuditPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.changes,
    component: lazyRouteComponent(() => import("./pages/changes/ChangesPage"), "ChangesPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.webhooks,
    component: lazyRouteComponent(() => import("./pages/webhooks/WebhooksPage"), "WebhooksPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.webhook,
    component: lazyRouteComponent(() => import("./pages/webhooks/WebhookPage"), "WebhookPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.access,
    component: lazyRouteComponent(() => import("./pages/access/AccessPage"), "AccessPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: patterns.appRoles,
    component: lazyRouteComponent(() => import("./pages/access/AppRolesPage"), "AppRolesPage"),
  }),
  log.addChildren([logEvent]),
  // Whatever else is typed gets the frame and the word that there is nothing.
  createRoute({ getParentRoute: () => frame, path: "$", component: Missing }),
];

export const router = createRouter({
  routeTree: root.addChildren([login, welcome, holder, invite, reset, frame.addChildren(framed)]),
  parseSearch,
  stringifySearch: printSearch,
  defaultPreload: false,
  defaultErrorComponent: Crash,
  scrollRestoration: false,
});
