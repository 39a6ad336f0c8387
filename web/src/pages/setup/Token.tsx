/** The token in its place in a guide: issued there, shown once, and gone with the page. */
import { KeyRound } from "lucide-react";
import { FailureBox } from "../../components/FailureBox";
import type { SetupTexts } from "../../messages/setup";
import { Button } from "../../ui/Button";
import { CopyField } from "../../ui/Copy";
import type { useAction } from "../../ui/useAction";

export type TokenAct = {
  /** The token that was issued on this page. */
  token: string | undefined;
  action: ReturnType<typeof useAction<[], void>>;
  /** How the tokens begin that work now. */
  live: string[];
};

export function Token({ texts, field, act }: { texts: SetupTexts; field: string; act: TokenAct }) {
  const { token: words } = texts;
  const { token, action, live } = act;
  return (
    <div className="guide-token">
      {action.error !== undefined && <FailureBox error={action.error} />}
      {token !== undefined && (
        <>
          <CopyField label={field} value={token} secret />
          <p className="small muted">{words.once}</p>
        </>
      )}
      {token === undefined && (
        <>
          <span className="field-label">{field}</span>
          <p className="small muted">{live.length === 0 ? words.before : words.live(live.join(", "))}</p>
          <div>
            <Button
              icon={KeyRound}
              variant={live.length === 0 ? "primary" : "secondary"}
              isPending={action.pending}
              onPress={() => void action.run()}
            >
              {live.length === 0 ? words.issue : words.again}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
