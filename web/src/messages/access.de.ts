/** German texts about roles of the app and who has them. */
import type { AccessTexts } from "./access.en";

const number = new Intl.NumberFormat("de");
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;

export const deAccess: AccessTexts = {
  access: {
    title: "Zugang",
    lead: "Welche Gruppen des IdP welche Rollen der App geben, und wie viele Personen sie haben.",
    map: "Gruppe zuordnen",
    emptyTitle: "Die App hat noch keine Rollen",
    empty:
      "Sobald der Betreiber dieses Dienstes die Rollen der App eingetragen hat, lassen sich ihnen hier Gruppen zuordnen.",
    toRoles: "Rollen der App eintragen",
    people: (n) => count(n, "Person hat sie", "Personen haben sie"),
    nobody: "Keine Gruppe gibt sie, also hat sie niemand.",
    groups: (role) => `Gruppen, die „${role}“ geben`,
    deleted: "eine gelöschte Gruppe",
    by: (who) => `von ${who}`,
    remove: "Entfernen",
    removeOf: (group, role) => `„${group}“ von „${role}“ entfernen`,
    mapping: {
      title: "Eine Gruppe einer Rolle zuordnen",
      role: "Rolle",
      find: "Eine Gruppe finden",
      group: "Gruppe",
      members: (n) => count(n, "Mitglied", "Mitglieder"),
      none: "Keine Gruppe heißt so.",
      more: "Es gibt mehr. Tippe mehr vom Namen.",
      already: "Diese Gruppe gibt diese Rolle schon.",
      save: "Gruppe zuordnen",
      saveFor: (n) => `An ${count(n, "Person", "Personen")} geben`,
    },
    removing: {
      title: (group, role) => `„${group}“ von „${role}“ entfernen?`,
      effect: "Wer die Rolle durch eine andere Gruppe hat, behält sie. Sie lässt sich jederzeit wieder zuordnen.",
      action: "Zuordnung entfernen",
    },
    preview: {
      title: "Was sich ändern würde",
      gains: (n) => `${count(n, "Person bekommt", "Personen bekommen")} die Rolle`,
      loses: (n) => `${count(n, "Person verliert", "Personen verlieren")} die Rolle`,
      nobody: "Niemand bekommt oder verliert die Rolle.",
      more: "und weitere",
    },
  },
  appRoles: {
    title: "Rollen der App",
    lead: "Die Rollen, die deine App kennt. Sie sind in allen Mandanten dieselben; wer sie hat, folgt aus Gruppen.",
    create: "Neue Rolle",
    emptyTitle: "Noch keine Rolle",
    empty:
      "Trage die Rollen ein, die deine App kennt. Die Admins jedes Mandanten ordnen ihnen dann Gruppen ihres IdP zu.",
    key: "Schlüssel",
    name: "Name",
    description: "Beschreibung",
    actions: "Handlungen",
    actionsOf: (name) => `Handlungen für „${name}“`,
    change: "Ändern",
    remove: "Rolle löschen",
    form: {
      createTitle: "Neue Rolle",
      changeTitle: (name) => `„${name}“ ändern`,
      keyHint: "Wie die App sie nennt: nur Kleinbuchstaben, Ziffern und _ . : -. Das bleibt so.",
      keyWrong: "Hier stehen nur Kleinbuchstaben, Ziffern und _ . : -, höchstens 64.",
      nameHint: "Wie Menschen sie nennen.",
      create: "Rolle anlegen",
      save: "Speichern",
    },
    deleting: {
      title: (name) => `„${name}“ löschen?`,
      effect:
        "Sie geht aus allen Mandanten. Eine Rolle, die noch eine Gruppe gibt, lässt sich nicht löschen: Entferne zuerst diese Zuordnungen.",
      action: "Rolle löschen",
    },
  },
  userRoles: {
    role: "Rolle",
    through: "Durch Gruppe",
    none: "Keine Rolle der App.",
    inactive: "Keine Rolle der App: Wer inaktiv ist, hat keine.",
  },
};
