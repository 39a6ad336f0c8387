import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LogOut, Settings2 } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { MenuTrigger } from "../ui/MenuButton";
import { endSession } from "./endSession";

/** One's own name, and what concerns oneself. */
export function MeMenu({ name }: { name: string }) {
  const { menu } = useMessages();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    await endSession();
    queries.clear();
    await navigate({ href: routes.login() });
  };
  return (
    <MenuTrigger
      label={menu.me}
      placement="top start"
      entries={[
        { id: "me", label: menu.preferences, icon: Settings2, href: routes.me() },
        { id: "out", label: menu.signOut, icon: LogOut, onAction: () => void leave() },
      ]}
    >
      {(props) => (
        <AriaButton {...props} className="rail-me">
          <span className="rail-initial" aria-hidden="true">
            {([...name.trim()][0] ?? "?").toUpperCase()}
          </span>
          <span className="cell-main">{name}</span>
        </AriaButton>
      )}
    </MenuTrigger>
  );
}
