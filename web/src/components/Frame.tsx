/** The frame of every page behind sign-in: rail or drawer, banner, page. */
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams, useRouter, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { failureOf } from "../api/failure";
import { onSignOutElsewhere, sessionEnd } from "../api/sessionEnd";
import { useMessages } from "../messages";
import { preferences } from "../preferences";
import { routes } from "../routes";
import { Button } from "../ui/Button";
import { useMedia } from "../ui/media";
import { Skeleton, useDelayed } from "../ui/Skeleton";
import { useModShortcut, useShortcuts } from "../ui/shortcuts";
import { Banner } from "./Banner";
import { Brand } from "./Brand";
import { FailureBox } from "./FailureBox";
import "./Frame.css";
import { Rail } from "./Rail";
import { SessionProvider, useSessionQuery } from "./useSession";

// Needed by some pages of some visits only.
const Drawer = lazy(() => import("./Drawer"));
const Palette = lazy(() => import("./Palette"));
const KeysDialog = lazy(() => import("./KeysDialog"));
const SignInDialog = lazy(() => import("./SignInDialog"));

export function Frame() {
  const { product } = useMessages();
  const query = useSessionQuery();
  const waiting = useDelayed(query.isPending);
  const navigate = useNavigate();
  const router = useRouter();
  const signedOut = query.data === undefined && query.error !== null && failureOf(query.error).signedOut;
  useEffect(() => {
    if (!signedOut) return;
    const { href } = router.latestLocation;
    void navigate({ href: routes.login(href === "/" ? {} : { next: href }), replace: true });
  }, [signedOut, navigate, router]);

  if (query.data) {
    return (
      <SessionProvider value={query.data}>
        <SignedIn email={query.data.admin.email} />
      </SessionProvider>
    );
  }
  if (waiting) {
    return (
      <main className="frame-failure">
        <h1 className="visually-hidden">{product}</h1>
        <Skeleton lines={4} />
      </main>
    );
  }
  if (query.isPending || signedOut) return null;
  return (
    <main className="frame-failure">
      <h1 className="visually-hidden">{product}</h1>
      <FailureBox error={query.error} onRetry={() => query.refetch()} />
    </main>
  );
}

function SignedIn({ email }: { email: string }) {
  const messages = useMessages();
  const wide = useMedia("(min-width: 900px)");
  const { tenant } = useParams({ strict: false });
  const [drawer, setDrawer] = useState(false);
  const [keys, setKeys] = useState(false);
  const [finding, setFinding] = useState(false);
  const find = tenant === undefined ? undefined : () => setFinding(true);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of page closes the drawer
  useEffect(() => setDrawer(false), [path]);
  useEffect(() => {
    if (tenant !== undefined) preferences.visited(tenant);
  }, [tenant]);
  const ended = useSyncExternalStore(sessionEnd.subscribe, sessionEnd.get);
  useEffect(() => {
    sessionEnd.begin();
    return () => sessionEnd.leave();
  }, []);
  useSignOutElsewhere();
  useGoToKeys(tenant, () => setKeys(true));
  useModShortcut("k", () => find?.());

  const rail = <Rail tenant={tenant} onHelp={() => setKeys(true)} onFind={find} />;
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {messages.frame.skip}
      </a>
      {wide ? (
        <div className="frame-rail">{rail}</div>
      ) : (
        <header className="frame-top">
          <Button icon={MenuIcon} onPress={() => setDrawer(true)}>
            {messages.frame.menu}
          </Button>
          <Brand />
        </header>
      )}
      {!wide && drawer && (
        <Suspense>
          <Drawer isOpen={drawer} onOpenChange={setDrawer}>
            {rail}
          </Drawer>
        </Suspense>
      )}
      <div className="frame-content">
        <Banner tenant={tenant} />
        <main id="page" className="frame-page" tabIndex={-1} key={tenant}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {finding && tenant !== undefined && <Palette tenant={tenant} onClose={() => setFinding(false)} />}
        {keys && <KeysDialog isOpen onClose={() => setKeys(false)} />}
        {ended && <SignInDialog email={email} why={ended} />}
      </Suspense>
    </div>
  );
}

function useSignOutElsewhere() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  useEffect(
    () =>
      onSignOutElsewhere(() => {
        sessionEnd.leave();
        queries.clear();
        void navigate({ href: routes.login() });
      }),
    [queries, navigate],
  );
}

function useGoToKeys(tenant: string | undefined, help: () => void) {
  const navigate = useNavigate();
  const to = (build: (tenant: string) => string) => () => {
    if (tenant !== undefined) void navigate({ href: build(tenant) });
  };
  useShortcuts({
    "g o": to(routes.tenant),
    "g s": to(routes.setup),
    "g c": to((slug) => routes.credentials(slug)),
    "g u": to((slug) => routes.users(slug)),
    "g r": to((slug) => routes.groups(slug)),
    "g a": to(routes.access),
    "g l": to((slug) => routes.log(slug)),
    "g f": to((slug) => routes.changes(slug)),
    "g w": to(routes.webhooks),
    "?": help,
  });
}
