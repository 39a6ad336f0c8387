import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { sessionQuery } from "../../api/session";
import type { Session } from "../../api/types";
import { EntryCard } from "../../components/EntryCard";
import { OtherWays } from "../../components/OtherWays";
import { SignInForm } from "../../components/SignInForm";
import { EntryMessages, useEntryMessages } from "../../messages/entry";
import { routes, searches } from "../../routes";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Chip";
import { PageHeader } from "../../ui/PageHeader";
import { Forgotten } from "./Forgotten";

export function LoginPage() {
  const [forgotten, setForgotten] = useState(false);
  return (
    <EntryMessages.Load>
      <EntryCard>
        {forgotten ? (
          <Forgotten onBack={() => setForgotten(false)} />
        ) : (
          <Login onForgotten={() => setForgotten(true)} />
        )}
      </EntryCard>
    </EntryMessages.Load>
  );
}

function Login({ onForgotten }: { onForgotten: () => void }) {
  const { signIn, refused } = useEntryMessages();
  const { next, error } = searches.login(useSearch({ strict: false }));
  const queries = useQueryClient();
  const navigate = useNavigate();
  const enter = (session: Session) => {
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    void navigate({ href: next ?? routes.home(), replace: true });
  };
  return (
    <>
      <PageHeader title={signIn.title} />
      {error && (
        <Notice tone="warn">
          <span role="alert">{refused[error]}</span>
        </Notice>
      )}
      <SignInForm onSignedIn={enter} />
      <OtherWays onSignedIn={enter} next={next} />
      <Button variant="quiet" onPress={onForgotten}>
        {signIn.forgotten}
      </Button>
    </>
  );
}
