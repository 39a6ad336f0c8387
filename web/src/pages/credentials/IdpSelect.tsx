import type { Idp } from "../../api/types";
import { useMessages } from "../../messages";
import { Select } from "../../ui/Select";

/** Which IdP a connection belongs to. */
export function IdpSelect({ value, onChange }: { value: Idp; onChange: (idp: Idp) => void }) {
  const { idps, credentials } = useMessages();
  return (
    <Select
      label={credentials.new.idp}
      value={value}
      options={(Object.keys(idps) as Idp[]).map((idp) => ({ value: idp, label: idps[idp] }))}
      onChange={(idp) => onChange(idp as Idp)}
    />
  );
}
