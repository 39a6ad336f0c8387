/** What came, hour by hour: loaded after the overview itself. */
import { HealthMessages } from "../../messages/health";
import { RequestsCard } from "./RequestsCard";

export default function Activity({ slug }: { slug: string }) {
  return (
    <HealthMessages.Load>
      <RequestsCard slug={slug} />
    </HealthMessages.Load>
  );
}
