/** At most one banner above the page, the most pressing one. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, type LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { reachability } from "../api/reachability";
import { sessionEnd } from "../api/sessionEnd";
import { tenantQuery } from "../api/tenants";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { Button } from "../ui/Button";
import type { Tone } from "../ui/Chip";
import { toneIcons } from "../ui/Chip";
import { useNow } from "../ui/clock";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Time } from "../ui/Time";
import "./Banner.css";
import { useSession } from "./useSession";

const AGAIN = 10_000;
const SESSION_WARNING = 5 * 60_000;
const DAY = 86_400_000;
/** What ends is told a month before, and presses for its last two weeks. */
const CREDENTIAL_NOTE = 30 * DAY;
const CREDENTIAL_WARNING = 14 * DAY;

export function Banner({ tenant: slug }: { tenant: string | undefined }) {
  const { banner } = useMessages();
  const session = useSession();
  const now = useNow();
  const since = useSyncExternalStore(reachability.subscribe, reachability.since);
  const { data: tenant } = useQuery({ ...tenantQuery(slug ?? ""), enabled: slug !== undefined });
  const queries = useQueryClient();
  const away = since !== undefined;
  useEffect(() => {
    if (!away) return;
    const timer = setInterval(() => void queries.refetchQueries({ type: "active" }), AGAIN);
    return () => clearInterval(timer);
  }, [away, queries]);

  if (since !== undefined) {
    return (
      <Strip
        tone="bad"
        action={<Button onPress={() => void queries.refetchQueries({ type: "active" })}>{banner.retry}</Button>}
      >
        {banner.unreachable} <Time at={new Date(since).toISOString()} exact />
      </Strip>
    );
  }
  if (Date.parse(session.expiresAt) - now < SESSION_WARNING) {
    return (
      <Strip tone="warn" action={<Button onPress={() => sessionEnd.ask()}>{banner.signInAgain}</Button>}>
        {banner.sessionEnds} <Time at={session.expiresAt} past={false} />
      </Strip>
    );
  }
  if (slug === undefined || !tenant) return null;
  if (tenant.state === "suspended") return <Strip tone="bad">{banner.suspended}</Strip>;
  if (tenant.state === "deleting") return <Strip tone="bad">{banner.deleting}</Strip>;
  const member = session.tenants.some((own) => own.slug === tenant.slug && own.role !== "operator");
  if (session.admin.operator && !member)
    return (
      <Strip tone="info" icon={Eye}>
        {banner.visiting(tenant.name)}
      </Strip>
    );
  const end = tenant.nextCredentialEnd;
  const left = end ? Date.parse(end.endsAt) - now : Number.POSITIVE_INFINITY;
  const silent = tenant.health === "silent" && tenant.lastRequestAt;
  if (end && left < (silent ? CREDENTIAL_WARNING : CREDENTIAL_NOTE)) {
    const secret = end.secretStartsWith !== undefined;
    // A client's secret is renewed where its secrets stand.
    const link = secret ? (
      <Link href={routes.credentials(slug, { client: end.credentialId })}>{banner.toSecrets}</Link>
    ) : (
      <Link href={routes.credentials(slug)}>{banner.toCredentials}</Link>
    );
    return (
      <Strip tone={left < CREDENTIAL_WARNING ? "warn" : "info"} action={link}>
        {secret ? banner.secretEnds(end.name) : banner.credentialEnds(end.name)}{" "}
        <Time at={end.endsAt} past={left < 0} />
      </Strip>
    );
  }
  if (silent) {
    const more = tenant.rights.includes("log:read") && <Link href={routes.health(slug)}>{banner.toHealth}</Link>;
    return (
      <Strip tone="warn" action={more}>
        {banner.silent} <Time at={silent} exact />
      </Strip>
    );
  }
  return null;
}

function Strip({
  tone,
  icon = toneIcons[tone],
  action,
  children,
}: {
  tone: Tone;
  icon?: LucideIcon;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="banner" data-tone={tone} role="status">
      <Icon of={icon} />
      <span className="banner-text">{children}</span>
      {action}
    </div>
  );
}
