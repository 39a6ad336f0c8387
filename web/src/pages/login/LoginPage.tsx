import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { sessionQuery } from "../../api/session";
import { EntryCard } from "../../components/EntryCard";
import { SignInForm } from "../../components/SignInForm";
import { useMessages } from "../../messages";
import { routes, searches } from "../../routes";
import { PageHeader } from "../../ui/PageHeader";

export function LoginPage() {
  const { signIn } = useMessages();
  const { next } = searches.login(useSearch({ strict: false }));
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <EntryCard>
      <PageHeader title={signIn.title} />
      <SignInForm
        onSignedIn={(session) => {
          queries.clear();
          queries.setQueryData(sessionQuery.queryKey, session);
          void navigate({ href: next ?? routes.home(), replace: true });
        }}
      />
    </EntryCard>
  );
}
