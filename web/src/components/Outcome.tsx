import type { SyncEventSummary, Tenant } from "../api/types";
import { useMessages } from "../messages";
import { Chip, StateText, type Tone } from "../ui/Chip";

export const outcomeTone: Record<SyncEventSummary["outcome"], Tone> = {
  accepted: "ok",
  rejected: "warn",
  failed: "bad",
};

/** Status of an answer, with what it means. */
export function OutcomeText({ event }: { event: Pick<SyncEventSummary, "outcome" | "status"> }) {
  const { log } = useMessages();
  return (
    <StateText tone={outcomeTone[event.outcome]}>
      {event.status}
      <span className="visually-hidden"> {log.outcomes[event.outcome]}</span>
    </StateText>
  );
}

export const healthTone: Record<Tenant["health"], Tone> = {
  not_connected: "plain",
  waiting: "info",
  working: "ok",
  failing: "bad",
  silent: "warn",
};

/** How one connection is doing. */
export function StateOfConnection({ health }: { health: Tenant["health"] }) {
  const { tenants } = useMessages();
  return <Chip tone={healthTone[health]}>{tenants.health[health]}</Chip>;
}

/** Whether a tenant's directory keeps arriving. A suspended tenant says so before anything else. */
export function HealthChip({ tenant }: { tenant: Pick<Tenant, "health" | "state"> }) {
  const { tenants } = useMessages();
  if (tenant.state !== "active") return <Chip tone="bad">{tenants.states[tenant.state]}</Chip>;
  return <StateOfConnection health={tenant.health} />;
}
