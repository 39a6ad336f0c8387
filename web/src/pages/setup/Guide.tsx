/** A guide: its steps on one side, the column that listens on the other. The same for an admin and a link's holder. */
import { useState } from "react";
import type { GuideSource } from "../../api/setup";
import type { Idp, SelfCheck } from "../../api/types";
import type { SetupTexts } from "../../messages/setup";
import type { SetupSearch } from "../../routes";
import { useAction } from "../../ui/useAction";
import type { GivenClient } from "./Client";
import { Listening } from "./Listening";
import "./setup.css";
import { Steps, type Way } from "./Steps";
import { useChecks } from "./useChecks";

type Props = {
  texts: SetupTexts;
  idp: Idp;
  source: GuideSource;
  scimUrl: string;
  search: SetupSearch;
  onSearch: (part: SetupSearch, how?: { replace: boolean }) => void;
  issue: () => Promise<{ token: string }>;
  /** Makes an OAuth client, or another secret of the one there is. */
  issueClient: () => Promise<GivenClient>;
  /** What is issued takes the place of what was issued before, token or client. */
  onlyOne?: boolean;
  eventHref?: (event: string) => string;
  ourSide?: () => Promise<SelfCheck>;
};

/** How the id of an OAuth client begins among the beginnings of tokens. */
const isClient = (beginning: string) => beginning.startsWith("dsc_");

export function Guide({
  texts,
  idp,
  source,
  scimUrl,
  search,
  onSearch,
  issue,
  issueClient,
  onlyOne = false,
  ...more
}: Props) {
  const guide = texts.guides[idp];
  const checks = useChecks(source, search.since);
  const [token, setToken] = useState<string>();
  const [given, setGiven] = useState<GivenClient>();
  const action = useAction(async () => {
    setToken((await issue()).token);
    if (onlyOne) setGiven(undefined);
    void checks.query.refetch();
  });
  const making = useAction(async () => {
    setGiven(await issueClient());
    if (onlyOne) setToken(undefined);
    void checks.query.refetch();
  });
  const expected = checks.query.data?.expected ?? [];
  // Whoever comes back to a client goes on with it.
  const [chosen, setChosen] = useState<Way>();
  const way = chosen ?? (expected.length > 0 && expected.every(isClient) ? "client" : "token");
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
        token={{ token, action, live: expected.filter((one) => !isClient(one)) }}
        client={{ given, action: making, live: expected.filter(isClient) }}
        onlyOne={onlyOne}
        way={way}
        onWay={setChosen}
      />
      <Listening
        texts={texts}
        idp={idp}
        checks={checks}
        since={search.since}
        onSince={(since) => onSearch({ since }, { replace: true })}
        {...more}
      />
    </div>
  );
}
