import { Compass } from "lucide-react";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { ButtonLink } from "../ui/Button";
import { EmptyState } from "../ui/Feedback";
import { PageHeader } from "../ui/PageHeader";

/** A page that does not exist, or that this person may not see: the two look the same. */
export function Missing() {
  const { missing } = useMessages();
  return (
    <>
      <PageHeader title={missing.title} />
      <div className="card">
        <EmptyState
          icon={Compass}
          title={missing.what}
          actions={<ButtonLink href={routes.home()}>{missing.home}</ButtonLink>}
        >
          {missing.why}
        </EmptyState>
      </div>
    </>
  );
}
