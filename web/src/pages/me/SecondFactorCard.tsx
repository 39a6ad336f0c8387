import { useState } from "react";
import { disableTotp, makeRecoveryCodes, type SignInState } from "../../api/signIn";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { usePeopleMessages } from "../../messages/people";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Time } from "../../ui/Time";
import { RecoveryCodesDialog } from "./RecoveryCodesDialog";
import { TotpDialog } from "./TotpDialog";

/** So few recovery codes that it is time for others. */
const FEW = 3;

/** The code of an authenticator app: set up, turned off, its recovery codes renewed. */
export function SecondFactorCard({ state, onChanged }: { state: SignInState; onChanged: () => void }) {
  const { security: texts } = usePeopleMessages();
  const [open, setOpen] = useState<"enable" | "disable" | "renew">();
  const [codes, setCodes] = useState<string[]>();
  const close = () => setOpen(undefined);
  const { totpSince, recoveryCodesLeft } = state;
  const show = (made: string[]) => {
    close();
    setCodes(made);
    onChanged();
  };
  return (
    <section className="card measured" aria-labelledby="second-factor">
      <div className="card-head">
        <h2 id="second-factor">{texts.title}</h2>
        <Chip tone={totpSince ? "ok" : "plain"}>{totpSince ? texts.on : texts.off}</Chip>
      </div>
      <div className="card-pad stack">
        <p className="small muted">{texts.lead}</p>
        {state.provider && <p className="small muted">{texts.provider}</p>}
        {totpSince ? (
          <>
            <p>
              {texts.since} <Time at={totpSince} />, {texts.left(recoveryCodesLeft)}.{" "}
              {recoveryCodesLeft < FEW && texts.fewLeft}
            </p>
            <div className="row">
              <Button onPress={() => setOpen("renew")}>{texts.renew}</Button>
              <Button variant="danger" onPress={() => setOpen("disable")}>
                {texts.disable}
              </Button>
            </div>
          </>
        ) : (
          <div>
            <Button variant="primary" onPress={() => setOpen("enable")}>
              {texts.enable}
            </Button>
          </div>
        )}
      </div>
      <TotpDialog isOpen={open === "enable"} onClose={close} onEnabled={show} />
      <ConfirmDialog
        title={texts.disabling}
        isOpen={open === "disable"}
        action={texts.disable}
        onConfirm={async () => {
          await disableTotp();
          onChanged();
        }}
        onClose={close}
      >
        <p>{texts.disablingEffect}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.renewing}
        isOpen={open === "renew"}
        action={texts.renew}
        onConfirm={async () => show((await makeRecoveryCodes()).recoveryCodes)}
        onClose={close}
      >
        <p>{texts.renewingEffect}</p>
      </ConfirmDialog>
      <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />
    </section>
  );
}
