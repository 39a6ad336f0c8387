import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endMyOtherSessions, endMySession, mySessionsQuery } from "../../api/me";
import type { OwnSession } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { usePeopleMessages } from "../../messages/people";
import type { PeopleTexts } from "../../messages/people.en";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import "../people/people.css";
import { browserOf } from "./browser";

/** Where one is signed in, each with a way to end it. */
export function SessionsCard() {
  const { account: texts } = usePeopleMessages();
  const query = useQuery(mySessionsQuery);
  const [asking, setAsking] = useState(false);
  const others = query.data?.filter((session) => !session.current).length ?? 0;
  return (
    <section className="card measured" aria-labelledby="sessions">
      <div className="card-head">
        <h2 id="sessions">{texts.sessions}</h2>
        {others > 1 && <Button onPress={() => setAsking(true)}>{texts.endOthers}</Button>}
      </div>
      <div className="card-pad stack">
        <p className="small muted">{texts.sessionsLead}</p>
        <Loaded query={query}>
          {(sessions) => (
            <ul className="people-list" aria-labelledby="sessions">
              {sessions.map((session) => (
                <Row key={session.id} session={session} onEnded={() => void query.refetch()} />
              ))}
            </ul>
          )}
        </Loaded>
      </div>
      <ConfirmDialog
        title={texts.endingOthers}
        isOpen={asking}
        action={texts.endOthers}
        onConfirm={async () => {
          await endMyOtherSessions();
          void query.refetch();
        }}
        onClose={() => setAsking(false)}
      >
        <p>{texts.endingOthersEffect(others)}</p>
      </ConfirmDialog>
    </section>
  );
}

/** The browser of a session in words. */
export function browserText(userAgent: string | undefined, { account: texts }: PeopleTexts): string {
  const browser = browserOf(userAgent);
  if (browser === undefined) return texts.unknownBrowser;
  if ("program" in browser) return texts.program(browser.program);
  return browser.system === undefined ? browser.name : texts.browserOn(browser.name, browser.system);
}

function Row({ session, onEnded }: { session: OwnSession; onEnded: () => void }) {
  const messages = usePeopleMessages();
  const { account: texts } = messages;
  const browser = browserText(session.userAgent, messages);
  const end = useAction(async () => {
    await endMySession(session.id);
    onEnded();
  });
  return (
    <li className="people-row">
      <div className="people-who">
        <span className="people-name">
          {browser}
          {session.current && <Chip tone="ok">{texts.this}</Chip>}
        </span>
        <span className="small quiet">
          {texts.signedIn} <Time at={session.createdAt} /> {session.method && texts.methods[session.method]}{" "}
          {texts.from(session.address)}, {texts.ends} <Time at={session.expiresAt} past={false} />
        </span>
        {end.error !== undefined && <FailureBox error={end.error} />}
      </div>
      {!session.current && (
        <Button
          isPending={end.pending}
          onPress={() => void end.run()}
          aria-label={texts.endOf(browser, session.address)}
        >
          {texts.end}
        </Button>
      )}
    </li>
  );
}
