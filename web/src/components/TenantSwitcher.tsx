import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { tenantQuery } from "../api/tenants";
import { useMessages } from "../messages";
import { Icon } from "../ui/Icon";
import { useSession } from "./useSession";

const panel = () => import("./SwitcherPanel");
const SwitcherPanel = lazy(panel);

/** The tenant one is in, and the way to another. The list comes when it is first needed. */
export function TenantSwitcher({ tenant }: { tenant: string | undefined }) {
  const { switcher } = useMessages();
  const session = useSession();
  const { data } = useQuery({ ...tenantQuery(tenant ?? ""), enabled: tenant !== undefined });
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (tenant === undefined && session.tenants.length === 0) return null;
  const name =
    tenant === undefined
      ? switcher.choose
      : (data?.name ?? session.tenants.find((other) => other.slug === tenant)?.name ?? tenant);
  return (
    <>
      <AriaButton
        ref={button}
        className="switcher"
        aria-haspopup="dialog"
        aria-expanded={open}
        onHoverStart={() => void panel()}
        onPress={() => setOpen(!open)}
      >
        <span className="cell-main">
          <span className="visually-hidden">{switcher.label}: </span>
          {name}
        </span>
        <Icon of={ChevronsUpDown} />
      </AriaButton>
      {open && (
        <Suspense>
          <SwitcherPanel trigger={button} current={tenant} onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  );
}
