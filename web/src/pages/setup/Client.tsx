/** The OAuth client in its place in a guide: made there, its secret shown once, and gone with the page. */
import { KeyRound } from "lucide-react";
import { FailureBox } from "../../components/FailureBox";
import type { ClientField, SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import type { useAction } from "../../ui/useAction";

/** What the IdP is to be given of a client. */
export type GivenClient = { tokenUrl: string; clientId: string; clientSecret: string };

export type ClientAct = {
  /** What was issued on this page. */
  given: GivenClient | undefined;
  action: ReturnType<typeof useAction<[], void>>;
  /** The ids of the clients that work now. */
  live: string[];
};

/** All that the client may do, as every IdP needs it. */
const SCOPE = "scim";

export function Client({
  texts,
  fields,
  act,
  onlyOne,
}: {
  texts: SetupTexts;
  fields: ClientField[];
  act: ClientAct;
  /** Another client is made where an admin issues another secret of the one there is. */
  onlyOne: boolean;
}) {
  const { client: words } = texts;
  const { given, action, live } = act;
  if (given !== undefined) {
    return (
      <div className="guide-token">
        {fields.map(({ field, what }) => (
          <CopyField
            key={field}
            label={field}
            value={what === "scope" ? SCOPE : given[what]}
            secret={what === "clientSecret"}
          />
        ))}
        <p className="small muted">{words.once}</p>
      </div>
    );
  }
  return (
    <div className="guide-token">
      {action.error !== undefined && <FailureBox error={action.error} />}
      <span className="field-label">{fields.map(({ field }) => field).join(", ")}</span>
      <p className="small muted">
        {live.length === 0 ? words.before : words.live(live.join(", "))}
        {live.length > 0 && !onlyOne && ` ${words.stay}`}
      </p>
      <div>
        <Button
          icon={KeyRound}
          variant={live.length === 0 ? "primary" : "secondary"}
          isPending={action.pending}
          onPress={() => void action.run()}
        >
          {live.length === 0 ? words.make : onlyOne ? words.anew : words.another}
        </Button>
      </div>
    </div>
  );
}
