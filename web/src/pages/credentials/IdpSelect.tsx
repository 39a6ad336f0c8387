import type { Idp } from "../../api/types";
import { useCredentialsMessages } from "../../messages/credentials";
import { Select } from "../../ui/Select";

/** Which IdP a connection belongs to. */
export function IdpSelect({ value, onChange }: { value: Idp; onChange: (idp: Idp) => void }) {
  const { idps, credentials } = useCredentialsMessages();
  return (
    <Select
      label={credentials.new.idp}
      value={value}
      options={(Object.keys(idps) as Idp[]).map((idp) => ({ value: idp, label: idps[idp] }))}
      onChange={(idp) => onChange(idp as Idp)}
    />
  );
}
