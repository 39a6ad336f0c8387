import { useQuery } from "@tanstack/react-query";
import { systemQuery } from "../../api/tenants";
import { Loaded } from "../../components/Loaded";
import { Missing } from "../../components/Missing";
import { useSession } from "../../components/useSession";
import { ConditionMessages, useConditionMessages } from "../../messages/condition";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import { Condition } from "./Condition";
import { Failing } from "./Failing";
import { UnknownTenants } from "./UnknownTenants";
import "./system.css";

/** Between two looks, in milliseconds: as often as nodes say that they are there. */
const PAUSE = 10_000;

export function SystemPage() {
  const { admin } = useSession();
  return admin.operator ? (
    <ConditionMessages.Load>
      <System />
    </ConditionMessages.Load>
  ) : (
    <Missing />
  );
}

function System() {
  const { system: texts } = useConditionMessages();
  const query = useQuery({ ...systemQuery, refetchInterval: PAUSE });
  return (
    <>
      <PageHeader title={texts.title} />
      <Loaded
        query={query}
        missing
        skeleton={
          <div className="card">
            <Skeleton lines={8} />
          </div>
        }
      >
        {(system) => (
          <Condition system={system}>
            <Failing />
          </Condition>
        )}
      </Loaded>
      <UnknownTenants />
    </>
  );
}
