/** What came, hour by hour, and how each connection is doing: loaded after the overview itself. */
import { HealthMessages } from "../../messages/health";
import { ConnectionsCard } from "./ConnectionsCard";
import { RequestsCard } from "./RequestsCard";

export default function Activity({ slug }: { slug: string }) {
  return (
    <HealthMessages.Load>
      <RequestsCard slug={slug} />
      <ConnectionsCard slug={slug} />
    </HealthMessages.Load>
  );
}
