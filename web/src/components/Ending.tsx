/** What ends before long of that with which a connection proves itself, and the way to where it is renewed. */
import type { EndingCredential } from "../api/types";
import { useHealthMessages } from "../messages/health";
import { routes } from "../routes";
import { Chip } from "../ui/Chip";
import { Link } from "../ui/Link";
import { Time } from "../ui/Time";

export function Ending({ slug, end }: { slug: string; end: EndingCredential }) {
  const { health: texts } = useHealthMessages();
  // A client's secret is renewed where its secrets stand.
  const secret = end.secretStartsWith !== undefined;
  const href = routes.credentials(slug, secret ? { client: end.credentialId } : {});
  return (
    <span className="row">
      <Chip tone="warn">
        {texts.ends} <Time at={end.endsAt} past={false} />
      </Chip>
      <Link href={href}>{secret ? texts.secretOf(end.name) : texts.kinds[end.kind](end.name)}</Link>
    </span>
  );
}
