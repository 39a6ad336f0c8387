import { Download } from "lucide-react";
import { OnceDialog } from "../../components/OnceDialog";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { CodeView } from "../../ui/CodeView";

/** Shows fresh recovery codes, this one time, to copy or to keep as a file. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: string[] | undefined; onClose: () => void }) {
  const { security: texts } = usePeopleMessages();
  const lines = codes?.join("\n") ?? "";
  return (
    <OnceDialog title={texts.codesTitle} texts={texts} isOpen={codes !== undefined} onClose={onClose}>
      <p className="muted">{texts.codesLead}</p>
      <CodeView text={lines} label={texts.codesTitle} />
      <div>
        <Button icon={Download} onPress={() => download("directory-sync-recovery-codes.txt", `${lines}\n`)}>
          {texts.download}
        </Button>
      </div>
    </OnceDialog>
  );
}

function download(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
