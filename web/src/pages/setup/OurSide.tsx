/** "Check our side": whether the address reaches us from outside, and what a proxy in front lets through. */
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import type { SelfCheck } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import type { SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { StateText, type Tone } from "../../ui/Chip";
import { useAction } from "../../ui/useAction";

const TYPE = "application/scim+json";

export function OurSide({ texts, check }: { texts: SetupTexts; check: () => Promise<SelfCheck> }) {
  const { ourSide } = texts;
  const [told, setTold] = useState<SelfCheck>();
  const action = useAction(async () => setTold(await check()));
  const lines: [string, Tone, string][] = told ? linesOf(ourSide, told) : [];
  return (
    <div className="our-side">
      <Button icon={ShieldCheck} isPending={action.pending} onPress={() => void action.run()}>
        {ourSide.action}
      </Button>
      {action.error !== undefined && <FailureBox error={action.error} />}
      <div role="status">
        {lines.length > 0 && (
          <ul className="our-side-told small">
            {lines.map(([name, tone, text]) => (
              <li key={name}>
                <StateText tone={tone}>{text}</StateText>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function linesOf(texts: SetupTexts["ourSide"], told: SelfCheck): [string, Tone, string][] {
  const address: [string, Tone, string] = told.reached
    ? ["address", "ok", texts.reached]
    : ["address", "bad", texts.notReached(told.problem ?? "")];
  const tls: [string, Tone, string] = told.secure ? ["tls", "ok", texts.secure] : ["tls", "warn", texts.notSecure];
  if (!told.reached) return [address, tls];
  const header: [string, Tone, string] =
    told.authorization === undefined
      ? ["header", "warn", texts.status(told.status ?? 0)]
      : told.authorization
        ? ["header", "ok", texts.header]
        : ["header", "bad", texts.noHeader];
  const right = told.contentType?.startsWith(TYPE) === true;
  const type: [string, Tone, string] = right
    ? ["type", "ok", texts.type]
    : ["type", "bad", texts.otherType(told.contentType ?? "")];
  return [address, tls, header, type];
}
