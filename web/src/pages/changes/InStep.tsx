/** Whether whoever follows the changes keeps up: in one line, and with all readers and times one press away. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { acknowledgementsQuery, forgetReader } from "../../api/changes";
import type { Acknowledgement, Acknowledgements } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Loaded } from "../../components/Loaded";
import { useFeedMessages } from "../../messages/feed";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip, StateText, type Tone } from "../../ui/Chip";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Link } from "../../ui/Link";
import { Stat, Stats } from "../../ui/Stat";
import "../../ui/Table.css";
import { Time } from "../../ui/Time";

/** Most late readers that are named; the rest is counted. */
const NAMED = 2;

export function InStep({ slug }: { slug: string }) {
  const { step: texts } = useFeedMessages();
  const query = useQuery(acknowledgementsQuery(slug));
  return (
    <section className="card card-pad stack-tight" aria-labelledby="in-step">
      <h2 id="in-step" className="visually-hidden">
        {texts.title}
      </h2>
      <Loaded query={query}>{(state) => <StepState state={state} slug={slug} />}</Loaded>
    </section>
  );
}

export function StepState({ state, slug }: { state: Acknowledgements; slug: string }) {
  const { step: texts } = useFeedMessages();
  const [open, setOpen] = useState(false);
  const [forgetting, setForgetting] = useState<Acknowledgement["reader"]>();
  const queries = useQueryClient();
  const late = state.readers.filter((reader) => reader.late);
  const inStep = state.readers.length - late.length;
  if (state.readers.length === 0) {
    return (
      <p className="row">
        <StateText tone="plain">{texts.nobody}</StateText>
        <Link href={routes.developers(slug)}>{texts.how}</Link>
      </p>
    );
  }
  return (
    <>
      <div className="row">
        {late.slice(0, NAMED).map(({ reader, waiting, oldestWaitingSince }) => (
          <StateText key={reader.id} tone="warn">
            <span>
              {texts.late(reader.name, waiting)} {oldestWaitingSince && <Time at={oldestWaitingSince} />}
            </span>
          </StateText>
        ))}
        {late.length > NAMED && <span className="small">{texts.moreLate(late.length - NAMED)}</span>}
        {inStep > 0 && <StateText tone="ok">{texts.inStep(inStep)}</StateText>}
        <Button onPress={() => setOpen(true)}>{texts.details}</Button>
      </div>
      <Dialog title={texts.title} isOpen={open} onClose={() => setOpen(false)}>
        <Readers state={state} onForget={setForgetting} />
        <Day state={state} />
        <DialogActions>
          <Button onPress={() => setOpen(false)}>{texts.close}</Button>
        </DialogActions>
      </Dialog>
      <ConfirmDialog
        title={forgetting ? texts.forgetting.title(forgetting.name) : ""}
        isOpen={forgetting !== undefined}
        action={texts.forgetting.action}
        onConfirm={async () => {
          if (forgetting) await forgetReader(slug, forgetting.id);
          await queries.invalidateQueries({ queryKey: acknowledgementsQuery(slug).queryKey });
        }}
        onClose={() => setForgetting(undefined)}
      >
        <p>{texts.forgetting.effect}</p>
      </ConfirmDialog>
    </>
  );
}

/** How a reader stands: late, with something still to apply, or with all of it. */
export function standingOf({ late, waiting }: Pick<Acknowledgement, "late" | "waiting">): {
  standing: "late" | "waiting" | "inStep";
  tone: Tone;
} {
  if (late) return { standing: "late", tone: "warn" };
  return waiting > 0 ? { standing: "waiting", tone: "info" } : { standing: "inStep", tone: "ok" };
}

type Forget = (reader: Acknowledgement["reader"]) => void;

function Readers({ state, onForget }: { state: Acknowledgements; onForget: Forget }) {
  const { step: texts } = useFeedMessages();
  return (
    <>
      {state.targetSeconds !== undefined && <p className="muted">{texts.target(state.targetSeconds)}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      <div className="table-frame" tabIndex={0}>
        <table className="table" aria-label={texts.readers}>
          <thead>
            <tr>
              <th scope="col">{texts.reader}</th>
              <th scope="col">{texts.appliedUpTo}</th>
              <th scope="col">{texts.state}</th>
            </tr>
          </thead>
          <tbody>
            {state.readers.map((one) => {
              const { standing, tone } = standingOf(one);
              return (
                <tr key={one.reader.id}>
                  <th scope="row">
                    {one.reader.name}
                    <span className="quiet small block">{texts.kinds[one.reader.kind]}</span>
                  </th>
                  <td>
                    {texts.ofAll(one.seq, state.lastSeq)}
                    <span className="quiet small block">
                      <Time at={one.at} />
                    </span>
                  </td>
                  <td>
                    <Chip tone={tone}>{texts.states[standing]}</Chip>
                    {one.waiting > 0 && <span className="quiet small block">{texts.waiting(one.waiting)}</span>}
                    {one.late && (
                      <Button
                        variant="quiet"
                        aria-label={texts.forgetting.of(one.reader.name)}
                        onPress={() => onForget(one.reader)}
                      >
                        {texts.forgetting.forget}
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Day({ state: { last24h } }: { state: Acknowledgements }) {
  const { step: texts, number } = useFeedMessages();
  const { count, p50, p95, p99, buckets } = last24h;
  const figures = [
    [texts.half, p50],
    [texts.most, p95],
    [texts.nearlyAll, p99],
  ] as const;
  return (
    <section className="stack-tight">
      <h3>{texts.day}</h3>
      <p>{count === 0 ? texts.dayNone : texts.confirmed(count)}</p>
      {count > 0 && (
        <>
          <Stats>
            {figures.map(
              ([label, seconds]) =>
                seconds !== undefined && <Stat key={label} label={label} value={texts.lasting(seconds)} />,
            )}
          </Stats>
          <details>
            <summary>{texts.asTable}</summary>
            <table className="table" aria-label={texts.day}>
              <thead>
                <tr>
                  <th scope="col">{texts.took}</th>
                  <th scope="col" className="number">
                    {texts.changes}
                  </th>
                </tr>
              </thead>
              <tbody>
                {buckets.map((bucket) => (
                  <tr key={bucket.upToSeconds ?? "longer"}>
                    <th scope="row">
                      {bucket.upToSeconds === undefined ? texts.longer : texts.upTo(bucket.upToSeconds)}
                    </th>
                    <td className="number">{number(bucket.count)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  );
}
