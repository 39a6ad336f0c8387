import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LogOut, PencilLine, ShieldMinus, ShieldOff, ShieldPlus, UserMinus } from "lucide-react";
import { useState } from "react";
import { changePerson, endSessionsOf, makePasswordLink, removePerson } from "../../api/people";
import { signInOptionsQuery } from "../../api/session";
import { removeSecondFactor } from "../../api/signIn";
import type { Person } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { usePeopleMessages } from "../../messages/people";
import { Dialog } from "../../ui/Dialog";
import { MenuButton } from "../../ui/MenuButton";
import type { MadeLink } from "./LinkDialog";
import { RenameForm } from "./RenameForm";

type Act = "rename" | "operator" | "password" | "secondFactor" | "end" | "remove";

/** What an operator can do about somebody else. */
export function PersonMenu({ person, onLink }: { person: Person; onLink: (made: MadeLink) => void }) {
  const { people, person: texts, link } = usePeopleMessages();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Act>();
  // A service that knows no second factors names no passkeys either.
  const factors = useQuery(signInOptionsQuery).data?.passkeys !== undefined;
  const close = () => setOpen(undefined);
  const refresh = () => void queries.invalidateQueries({ queryKey: ["people"] });
  const entry = (id: Act, label: string, icon: typeof KeyRound, danger = false) => ({
    id,
    label,
    icon,
    danger,
    onAction: () => setOpen(id),
  });
  return (
    <>
      <MenuButton
        label={people.actionsOf(person.name)}
        entries={[
          entry("rename", texts.rename, PencilLine),
          person.operator ? entry("operator", texts.demote, ShieldMinus) : entry("operator", texts.promote, ShieldPlus),
          entry("password", texts.password, KeyRound),
          ...(factors ? [entry("secondFactor", texts.secondFactor, ShieldOff)] : []),
          entry("end", texts.end, LogOut),
          entry("remove", texts.remove, UserMinus, true),
        ]}
      />
      <Dialog title={texts.renameTitle(person.name)} isOpen={open === "rename"} onClose={close}>
        <RenameForm
          name={person.name}
          onSave={async (name) => {
            await changePerson(person.id, { name });
            refresh();
          }}
          onClose={close}
        />
      </Dialog>
      <ConfirmDialog
        title={person.operator ? texts.demoting(person.name) : texts.promoting(person.name)}
        isOpen={open === "operator"}
        action={person.operator ? texts.demote : texts.promote}
        onConfirm={async () => {
          await changePerson(person.id, { operator: !person.operator });
          refresh();
        }}
        onClose={close}
      >
        <p>{person.operator ? texts.demotingEffect(person.name) : texts.promotingEffect(person.name)}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.passwordAsk(person.name)}
        isOpen={open === "password"}
        action={texts.passwordAction}
        onConfirm={async () => {
          const made = await makePasswordLink(person.id);
          onLink({ ...made, title: link.password(person.name), email: person.email });
        }}
        onClose={close}
      >
        <p>{texts.passwordEffect}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.secondFactorAsk(person.name)}
        isOpen={open === "secondFactor"}
        action={texts.secondFactor}
        onConfirm={() => removeSecondFactor(person.id)}
        onClose={close}
      >
        <p>{texts.secondFactorEffect}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.ending(person.name)}
        isOpen={open === "end"}
        action={texts.end}
        onConfirm={() => endSessionsOf(person.id)}
        onClose={close}
      >
        <p>{texts.endingEffect}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={texts.removing(person.name)}
        isOpen={open === "remove"}
        action={texts.remove}
        typed={person.email}
        onConfirm={async () => {
          await removePerson(person.id);
          refresh();
        }}
        onClose={close}
      >
        <p>{texts.removingEffect(person.roles.length)}</p>
        <p className="muted">{texts.removingAudit}</p>
      </ConfirmDialog>
    </>
  );
}
