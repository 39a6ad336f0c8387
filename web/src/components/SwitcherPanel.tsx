import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { type RefObject, useState } from "react";
import { Link as AriaLink } from "react-aria-components";
import { tenantsQuery } from "../api/tenants";
import { useMessages } from "../messages";
import { preferences } from "../preferences";
import { routes } from "../routes";
import { SearchField } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { PopoverPanel } from "../ui/Popover";

/** Tenants to go to: type to find, the last visited ones first. */
export default function SwitcherPanel({
  trigger,
  current,
  onOpenChange,
}: {
  trigger: RefObject<HTMLElement | null>;
  current: string | undefined;
  onOpenChange: (open: boolean) => void;
}) {
  const { switcher, filters } = useMessages();
  const [typed, setTyped] = useState("");
  const query = useInfiniteQuery({
    ...tenantsQuery({ search: typed.trim() || undefined }),
    placeholderData: keepPreviousData,
  });
  const { recentTenants } = preferences.get();
  const rank = (slug: string) => {
    const at = recentTenants.indexOf(slug);
    return at < 0 ? recentTenants.length : at;
  };
  const found = [...(query.data?.pages[0]?.items ?? [])].sort((a, b) => rank(a.slug) - rank(b.slug));
  return (
    <PopoverPanel trigger={trigger} label={switcher.label} isOpen onOpenChange={onOpenChange}>
      <div className="switcher-panel">
        <SearchField
          label={switcher.find}
          placeholder={switcher.find}
          clearLabel={filters.clearSearch}
          value={typed}
          onChange={setTyped}
        />
        <ul className="switcher-list">
          {found.map((tenant) => (
            <li key={tenant.id}>
              <AriaLink
                href={routes.tenant(tenant.slug)}
                onPress={() => onOpenChange(false)}
                className="switcher-link"
                {...(tenant.slug === current ? { "aria-current": "true" as const } : {})}
              >
                <span className="cell-main">{tenant.name}</span>
                {tenant.slug === current ? <Icon of={Check} /> : <code>{tenant.slug}</code>}
              </AriaLink>
            </li>
          ))}
          {query.isSuccess && found.length === 0 && <li className="muted card-pad">{switcher.none(typed)}</li>}
        </ul>
      </div>
    </PopoverPanel>
  );
}
