import { apiUrlOf } from "../../api/address";
import type { Tenant } from "../../api/types";

/** The call whose answer begins with the change of that number. Slugs and public addresses hold nothing that would need quoting. */
export const feedCurl = ({ scimUrl, slug }: Pick<Tenant, "scimUrl" | "slug">, seq: number) =>
  `# export DIRECTORY_SYNC_KEY=…
curl --fail-with-body --silent --show-error \\
  --header "Authorization: Bearer $DIRECTORY_SYNC_KEY" \\
  "${apiUrlOf(scimUrl)}/tenants/${slug}/changes?after=${seq - 1}&limit=1"
`;
