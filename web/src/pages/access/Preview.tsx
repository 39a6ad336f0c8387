import { useQuery } from "@tanstack/react-query";
import { type Mapping, previewQuery } from "../../api/access";
import type { RolePreview } from "../../api/types";
import "../../components/ChangeList.css";
import { Loaded } from "../../components/Loaded";
import { useAccessMessages } from "../../messages/access";
import { routes } from "../../routes";
import { StateText } from "../../ui/Chip";
import { Link } from "../../ui/Link";

/** What a mapping would do, once it is known. */
export const usePreview = (slug: string, mapping: Mapping | undefined) =>
  useQuery({
    ...previewQuery(slug, mapping ?? { groupId: "", role: "", remove: false }),
    enabled: mapping !== undefined,
  });

/** Who would get or lose a role, before anybody does. */
export function Preview({ slug, query }: { slug: string; query: ReturnType<typeof usePreview> }) {
  const { access } = useAccessMessages();
  return (
    <section className="stack-tight" aria-label={access.preview.title} aria-live="polite">
      <h3>{access.preview.title}</h3>
      <Loaded query={query}>{(preview) => <Previewed slug={slug} preview={preview} />}</Loaded>
    </section>
  );
}

export function Previewed({ slug, preview }: { slug: string; preview: RolePreview }) {
  const { access } = useAccessMessages();
  const texts = access.preview;
  const { gains, loses, people, more } = preview;
  if (gains + loses === 0) return <StateText tone="plain">{texts.nobody}</StateText>;
  return (
    <>
      <div className="row">
        {gains > 0 && <StateText tone="ok">{texts.gains(gains)}</StateText>}
        {loses > 0 && <StateText tone="warn">{texts.loses(loses)}</StateText>}
      </div>
      <ul className="change-members">
        {people.map(({ id, name, userName }) => (
          <li key={id} className="change-member">
            <Link href={routes.user(slug, id)} className="link-plain">
              {name || userName}
            </Link>
          </li>
        ))}
        {more && <li className="change-member quiet">{texts.more}</li>}
      </ul>
    </>
  );
}
