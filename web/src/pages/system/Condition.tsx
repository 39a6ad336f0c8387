import type { ReactNode } from "react";
import type { System } from "../../api/types";
import { useConditionMessages } from "../../messages/condition";
import { routes } from "../../routes";
import { StateText } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { Checks } from "./Checks";
import { Configuration } from "./Configuration";
import { Nodes } from "./Nodes";
import { Section } from "./Section";

/** How the service runs: what is wrong first, its tenants (`children`) among it, then what it is made of. */
export function Condition({ system, children }: { system: System; children?: ReactNode }) {
  const { system: names, condition: texts, number } = useConditionMessages();
  const { logQueue } = system;
  return (
    <div className="stack">
      <Checks checks={system.checks} />
      <LastHour hour={system.lastHour} />
      {children}
      <Section id="system-service" title={texts.service}>
        <Facts>
          <Fact label={names.version}>{system.version}</Fact>
          <Fact label={names.database}>{names.databases[system.database]}</Fact>
          <Fact label={texts.size}>{texts.bytes(system.databaseBytes)}</Fact>
          <Fact label={names.publicUrl}>
            <code>{system.publicUrl}</code>
          </Fact>
          <Fact label={names.started}>
            <Time at={system.startedAt} />
          </Fact>
          <Fact label={names.tenants}>
            <Link href={routes.tenants()}>{number(system.tenants)}</Link>
          </Fact>
        </Facts>
      </Section>
      <Section id="system-queues" title={texts.queues}>
        <Facts>
          <Fact label={texts.waitingWrites}>{texts.waiting(system.waitingWrites, system.longestWriteMillis)}</Fact>
          <Fact label={texts.waitingLog}>{texts.waiting(logQueue.waiting, logQueue.longestMillis)}</Fact>
          <Fact label={texts.lostLog}>
            {logQueue.lost === 0 ? (
              "0"
            ) : (
              <>
                <StateText tone="bad">{number(logQueue.lost)}</StateText>
                <p className="small quiet">{texts.lostHint}</p>
              </>
            )}
          </Fact>
        </Facts>
      </Section>
      <Nodes nodes={system.nodes} />
      <Retention round={system.retention} />
      <Section id="system-migrations" title={texts.migrations}>
        <Facts>
          {system.migrations.map(({ history, made, newest }) => (
            <Fact key={history} label={texts.history[history]}>
              {texts.made(made, newest)}
            </Fact>
          ))}
        </Facts>
      </Section>
      <Configuration settings={system.configuration} />
    </div>
  );
}

/** What came, how much of it was not accepted, and how fast the answers were. */
function LastHour({ hour }: { hour: System["lastHour"] }) {
  const { condition: texts, number } = useConditionMessages();
  const { minutes, requests, rejected, failed, p50Ms, p95Ms, p99Ms } = hour;
  const times = [p50Ms, p95Ms, p99Ms].flatMap((ms) => (ms === undefined ? [] : [texts.lasting(ms)]));
  return (
    <Section id="system-hour" title={texts.hour} hint={texts.hourHint(minutes)}>
      <Facts>
        <Fact label={texts.requests}>{number(requests)}</Fact>
        <Fact label={texts.rate}>{texts.perMinute(requests / minutes)}</Fact>
        <Fact label={texts.hourFailed}>
          <StateText tone={failed === 0 ? "ok" : "bad"}>{texts.share(failed, requests)}</StateText>
        </Fact>
        <Fact label={texts.hourRejected}>{texts.share(rejected, requests)}</Fact>
        {times.length === 3 && <Fact label={texts.times}>{times.join(", ")}</Fact>}
      </Facts>
    </Section>
  );
}

function Retention({ round }: { round: System["retention"] }) {
  const { condition: texts } = useConditionMessages();
  return (
    <Section id="system-retention" title={texts.retention}>
      {round ? (
        <Facts>
          <Fact label={texts.last}>
            <Time at={round.beganAt} />
          </Fact>
          <Fact label={texts.removed}>
            {round.removed === undefined ? (
              <StateText tone="warn">{texts.cutShort}</StateText>
            ) : (
              texts.rows(round.removed)
            )}
          </Fact>
          <Fact label={texts.took}>{texts.lasting(round.tookMillis)}</Fact>
          <Fact label={texts.next}>
            <Time at={round.nextAt} past={false} />
          </Fact>
        </Facts>
      ) : (
        <p className="muted">{texts.noRetention}</p>
      )}
    </Section>
  );
}
