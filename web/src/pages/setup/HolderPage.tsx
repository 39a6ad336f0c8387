/** The guide by a set-up link: no account, no menu, nothing but one connection. The code stands in the fragment. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Link2Off } from "lucide-react";
import { useState } from "react";
import { failureOf } from "../../api/failure";
import { enterSetup, finishSetup, holderSource, issueSetupClient, issueSetupCredential } from "../../api/setup";
import type { Setup } from "../../api/types";
import { Brand } from "../../components/Brand";
import { EntryCard } from "../../components/EntryCard";
import { FailureBox } from "../../components/FailureBox";
import { useMessages } from "../../messages";
import { providerName, type SetupTexts, useSetupTexts } from "../../messages/setup";
import type { SetupSearch } from "../../routes";
import { Button } from "../../ui/Button";
import { EmptyState } from "../../ui/Feedback";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton, useDelayed } from "../../ui/Skeleton";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { Guide } from "./Guide";

const key = ["setup"];

export function HolderPage() {
  const { product } = useMessages();
  const texts = useSetupTexts();
  // Taken out of the address at once, so that it is in no history and in no copied link.
  const [code] = useState(() => {
    const given = window.location.hash.slice(1);
    window.history.replaceState(window.history.state, "", window.location.pathname);
    return given;
  });
  const query = useQuery({
    queryKey: key,
    queryFn: () => enterSetup(code),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const waiting = useDelayed(query.isPending);
  if (texts === undefined) return null;
  if (query.data) return <Holder texts={texts} setup={query.data} />;
  const over = query.error !== null && ["code_unknown", "not_signed_in"].includes(failureOf(query.error).code);
  return (
    <EntryCard>
      <PageHeader title={texts.title} />
      {waiting && <Skeleton lines={4} />}
      {over && (
        <EmptyState icon={Link2Off} title={texts.holder.usedTitle}>
          {texts.holder.used}
        </EmptyState>
      )}
      {query.error !== null && !over && <FailureBox error={query.error} onRetry={() => query.refetch()} />}
      <span className="visually-hidden">{product}</span>
    </EntryCard>
  );
}

function Holder({ texts, setup }: { texts: SetupTexts; setup: Setup }) {
  const { idps } = useMessages();
  const { holder } = texts;
  const queries = useQueryClient();
  const [search, setSearch] = useState<SetupSearch>({});
  const finish = useAction(async () => {
    queries.setQueryData(key, await finishSetup());
  });
  return (
    <main className="holder">
      <Brand />
      <PageHeader
        title={holder.title(setup.tenantName)}
        lead={
          <p>
            {holder.lead(providerName(texts, idps, setup.idp), setup.name)} {holder.ends}{" "}
            <Time at={setup.endsAt} past={false} />.
          </p>
        }
      />
      <Guide
        texts={texts}
        idp={setup.idp}
        source={holderSource}
        scimUrl={setup.scimUrl}
        search={search}
        onSearch={(part) => setSearch((before) => ({ ...before, ...part }))}
        issue={issueSetupCredential}
        issueClient={issueSetupClient}
        onlyOne
      />
      {finish.error !== undefined && <FailureBox error={finish.error} />}
      <div className="holder-end">
        {setup.finishedAt === undefined ? (
          <Button icon={Check} isPending={finish.pending} onPress={() => void finish.run()}>
            {holder.finish}
          </Button>
        ) : (
          <p role="status">{holder.finished}</p>
        )}
      </div>
    </main>
  );
}
