import { Link2Off } from "lucide-react";
import { useEntryMessages } from "../messages/entry";
import { routes } from "../routes";
import { ButtonLink } from "../ui/Button";
import { EmptyState } from "../ui/Feedback";
import { PageHeader } from "../ui/PageHeader";

/** In the place of a form whose link is good no longer. */
export function UsedLink({ title, why }: { title: string; why: string }) {
  const { welcome } = useEntryMessages();
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        icon={Link2Off}
        title={welcome.usedTitle}
        actions={<ButtonLink href={routes.login()}>{welcome.toSignIn}</ButtonLink>}
      >
        {why}
      </EmptyState>
    </>
  );
}
