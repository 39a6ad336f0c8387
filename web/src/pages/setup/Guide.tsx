/** A guide: its steps on one side, the column that listens on the other. The same for an admin and a link's holder. */
import { useState } from "react";
import type { GuideSource } from "../../api/setup";
import type { Idp, SelfCheck } from "../../api/types";
import type { SetupTexts } from "../../messages/setup";
import type { SetupSearch } from "../../routes";
import { useAction } from "../../ui/useAction";
import { Listening } from "./Listening";
import "./setup.css";
import { Steps } from "./Steps";
import { useChecks } from "./useChecks";

type Props = {
  texts: SetupTexts;
  idp: Idp;
  source: GuideSource;
  scimUrl: string;
  search: SetupSearch;
  onSearch: (part: SetupSearch, how?: { replace: boolean }) => void;
  issue: () => Promise<{ token: string }>;
  /** Said beside the button that issues another token. */
  note?: string;
  eventHref?: (event: string) => string;
  ourSide?: () => Promise<SelfCheck>;
};

export function Guide({ texts, idp, source, scimUrl, search, onSearch, issue, note, eventHref, ourSide }: Props) {
  const guide = texts.guides[idp];
  const checks = useChecks(source, search.since);
  const [token, setToken] = useState<string>();
  const action = useAction(async () => {
    setToken((await issue()).token);
    void checks.query.refetch();
  });
  const step = Math.min(Math.max(Number(search.step ?? "1"), 1), guide.steps.length);
  return (
    <div className="guide">
      <Steps
        texts={texts}
        guide={guide}
        scimUrl={scimUrl}
        checks={checks.query.data?.checks ?? []}
        step={step}
        onStep={(next) => onSearch({ step: next === 1 ? undefined : String(next) })}
        token={{ token, action, live: checks.query.data?.expected ?? [], note }}
      />
      <Listening
        texts={texts}
        idp={idp}
        checks={checks}
        since={search.since}
        onSince={(since) => onSearch({ since }, { replace: true })}
        {...(eventHref && { eventHref })}
        {...(ourSide && { ourSide })}
      />
    </div>
  );
}
