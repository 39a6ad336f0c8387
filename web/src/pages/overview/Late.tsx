/** Says that whoever follows the changes does not keep up, and leads to who that is. */
import { may } from "../../api/rights";
import type { Tenant } from "../../api/types";
import { HealthMessages, useHealthMessages } from "../../messages/health";
import { routes } from "../../routes";
import { ButtonLink } from "../../ui/Button";
import { Notice } from "../../ui/Chip";

type LateProps = { tenant: Tenant; slug: string; readers: number };

export default function Late(props: LateProps) {
  return (
    <HealthMessages.Load>
      <Told {...props} />
    </HealthMessages.Load>
  );
}

function Told({ tenant, slug, readers }: LateProps) {
  const { health: texts } = useHealthMessages();
  const link = tenant.rights.includes(may.followChanges) && (
    <ButtonLink href={routes.changes(slug)}>{texts.toChanges}</ButtonLink>
  );
  return (
    <Notice tone="warn" actions={link}>
      {texts.late(readers)}
    </Notice>
  );
}
