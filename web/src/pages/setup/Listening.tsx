/** The column that listens: it ticks what really arrived, and names what came instead, with the field to correct. */
import { Radio } from "lucide-react";
import type { Idp, SelfCheck, SetupCheck, SetupChecks, SetupRefusal } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { useMessages } from "../../messages";
import { providerName, type SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { StateText, type Tone, toneIcons } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { OurSide } from "./OurSide";
import type { useChecks } from "./useChecks";

const tones: Record<SetupCheck["state"], Tone> = { done: "ok", fits: "ok", wrong: "bad", waiting: "info" };

type Props = {
  texts: SetupTexts;
  idp: Idp;
  checks: ReturnType<typeof useChecks>;
  since: string | undefined;
  onSince: (since: string | undefined) => void;
  /** Where a request can be looked at, for who may. */
  eventHref?: (event: string) => string;
  /** Checks our own side, for who may. */
  ourSide?: () => Promise<SelfCheck>;
};

export function Listening({ texts, idp, checks, since, onSince, eventHref, ourSide }: Props) {
  const { listening } = texts;
  // By the service's clock: the browser's may be ahead of it.
  const anew = async () => onSince((await checks.query.refetch()).data?.readAt);
  return (
    <section className="card listening" aria-labelledby="listening">
      <div className="card-head listening-head">
        <h2 id="listening">{listening.title}</h2>
        <StateText tone={checks.live ? "ok" : "plain"}>{checks.live ? listening.live : listening.asking}</StateText>
      </div>
      <Loaded query={checks.query}>
        {(data) => (
          <>
            <ul className="checks">
              {data.checks.map((check) => (
                <Check key={check.name} texts={texts} idp={idp} check={check} data={data} eventHref={eventHref} />
              ))}
            </ul>
            <Said texts={texts} data={data} />
          </>
        )}
      </Loaded>
      <div className="listening-foot">
        {since === undefined ? (
          <>
            <Button icon={Radio} onPress={() => void anew()}>
              {listening.anew}
            </Button>
            <span className="small muted">{listening.anewHint}</span>
          </>
        ) : (
          <>
            <span className="small muted">
              {listening.since} <Time at={since} exact />
            </span>
            <Button onPress={() => onSince(undefined)}>{listening.all}</Button>
          </>
        )}
      </div>
      {ourSide && <OurSide texts={texts} check={ourSide} />}
    </section>
  );
}

/** Screen readers hear what was seen last, and nothing of the rest. */
function Said({ texts, data }: { texts: SetupTexts; data: SetupChecks }) {
  const seen = data.checks.filter((check) => check.state !== "waiting");
  const last = seen.reduce<SetupCheck | undefined>(
    (a, b) => (a?.at !== undefined && a.at >= (b.at ?? "") ? a : b),
    undefined,
  );
  return (
    <p role="status" className="visually-hidden">
      {last && (last.state === "wrong" ? wrongTitle(texts, last) : texts.listening.seen(texts.checks[last.name]))}
    </p>
  );
}

function wrongTitle(texts: SetupTexts, check: SetupCheck) {
  return check.name === "idp" ? texts.wrong.idp : texts.wrong.credential;
}

function Check({
  texts,
  idp,
  check,
  data,
  eventHref,
}: {
  texts: SetupTexts;
  idp: Idp;
  check: SetupCheck;
  data: SetupChecks;
  eventHref: ((event: string) => string) | undefined;
}) {
  const tone = tones[check.state];
  return (
    <li className="check" data-state={check.state}>
      <span className="check-icon" data-tone={tone}>
        <Icon of={toneIcons[tone]} />
      </span>
      <span className="check-name">
        {check.state === "wrong" ? wrongTitle(texts, check) : texts.checks[check.name]}
        <span className="visually-hidden">{check.state === "waiting" ? " …" : `, ${texts.done}`}</span>
      </span>
      {check.at && (
        <span className="check-when small">
          {eventHref && check.eventId ? (
            <Link href={eventHref(check.eventId)}>
              <Time at={check.at} />
              <span className="visually-hidden">
                {" "}
                {texts.listening.request}: {texts.checks[check.name]}
              </span>
            </Link>
          ) : (
            <Time at={check.at} />
          )}
        </span>
      )}
      <Detail texts={texts} idp={idp} check={check} data={data} />
    </li>
  );
}

function Detail({ texts, idp, check, data }: { texts: SetupTexts; idp: Idp; check: SetupCheck; data: SetupChecks }) {
  const { idps, idpSeen } = useMessages();
  const { wrong } = texts;
  if (check.name === "credential" && data.refusal) {
    const again = ofClient(data.refusal)
      ? wrong.pasteClient(secretField(texts, idp))
      : wrong.pasteAgain(texts.guides[idp].tokenField);
    return (
      <p className="check-detail">
        {check.state === "done" ? wrong.later : whatCame(texts, data)}{" "}
        {check.state === "done" ? whatCame(texts, data) : again}
      </p>
    );
  }
  if (check.name === "idp" && check.state === "wrong" && data.seenIdp) {
    return (
      <p className="check-detail">
        {wrong.seenIdp(idps[data.seenIdp], providerName(texts, idps, idp))} {wrong.otherGuide}
      </p>
    );
  }
  if (check.name === "idp" && check.state === "done" && data.seenIdp && data.seenIdpConfidence !== "sure")
    return <p className="check-detail">{texts.seen(idpSeen(idps[data.seenIdp], data.seenIdpConfidence))}</p>;
  if (check.name === "idp" && check.state === "fits")
    return <p className="check-detail">{idp === "other" ? texts.fitsOther : texts.fits(idps[idp])}</p>;
  if (check.name === "idp" && check.state === "waiting" && (idp === "entra" || idp === "okta"))
    return <p className="check-detail">{texts.waiting.idp}</p>;
  if (check.name === "address" && check.state === "waiting")
    return <p className="check-detail">{texts.waiting.address}</p>;
  return null;
}

/** Whether a token endpoint refused it. */
const ofClient = ({ cause }: SetupRefusal) => cause !== undefined && clientCauses.test(cause.code);

const clientCauses = /^(client_|assertion_|token_request$)/;

/** The field that takes the secret of an OAuth client, as the IdP spells it. */
function secretField(texts: SetupTexts, idp: Idp): string {
  const fields = texts.guides[idp].steps.flatMap((step) => step.oauth?.client ?? []);
  return fields.find((one) => one.what === "clientSecret")?.field ?? texts.guides[idp].tokenField;
}

/** What came instead of the token, by its beginning, and how the right one begins. */
export function whatCame({ wrong }: SetupTexts, { refusal, expected }: SetupChecks): string {
  const { starts_with: sent = "", client = "" } = refusal?.cause?.params ?? {};
  if (refusal?.cause?.code === "client_unknown") return wrong.clientUnknown(client);
  if (refusal?.cause?.code.startsWith("client_secret_")) return wrong.clientSecret(sent, client || wrong.theClient);
  if (refusal && ofClient(refusal)) return wrong.clientRefused;
  if (sent.startsWith("dsc_")) return wrong.accessToken;
  const ours = expected.filter((one) => !one.startsWith("dsc_")).join(", ");
  if (refusal?.cause?.code === "token_missing") return wrong.missing;
  if (sent.startsWith("Bearer ")) return wrong.doubled;
  if (sent === "") return ours === "" ? wrong.notOursOnly : wrong.notOurs(ours);
  if (ours === "") return wrong.startsWithOnly(sent);
  return expected.includes(sent) ? wrong.notWhole(sent) : wrong.startsWith(sent, ours);
}
