import { Download } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { exportAddress } from "../../api/log";
import { useLogMessages } from "../../messages/log";
import type { LogFilter } from "../../routes";
import { Icon } from "../../ui/Icon";
import { MenuTrigger } from "../../ui/MenuButton";

/** A file of what is filtered, which the browser keeps as it comes. */
export function ExportButton({ slug, search }: { slug: string; search: LogFilter }) {
  const { searching: texts } = useLogMessages();
  const entries = (["csv", "ndjson"] as const).map((format) => ({
    id: format,
    label: texts.formats[format],
    onAction: () => window.location.assign(exportAddress(slug, search, format)),
  }));
  return (
    <MenuTrigger label={texts.export} entries={entries} placement="bottom end">
      {(props) => (
        <AriaButton {...props} className="button" data-variant="secondary">
          <Icon of={Download} />
          {texts.export}
        </AriaButton>
      )}
    </MenuTrigger>
  );
}
