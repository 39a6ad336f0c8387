/** Was eine Grenze erlaubt, auf Deutsch. */
import type { LimitTexts } from "./cause";

export const deLimits: LimitTexts = {
  bounds: {
    bulk_operations: (limit) => `Eine Bulk-Anfrage hat höchstens ${limit} Operationen.`,
    request_members: (limit) => `Eine Anfrage nennt höchstens ${limit} Mitglieder.`,
    group_members: (limit) => `Eine Gruppe hat höchstens ${limit} Mitglieder, mit denen, auf die sie wartet.`,
    patch_operations: (limit) => `Ein PATCH hat höchstens ${limit} Operationen.`,
    list_changes: (limit) => `Ein PATCH ändert Listen höchstens ${limit}-mal.`,
    list_comparisons: (limit) => `Ein PATCH vergleicht höchstens ${limit} Werte von Listen.`,
    list_values: (limit) => `Ein PATCH ändert höchstens ${limit} Werte von Listen.`,
    member_comparisons: (limit) => `Ein PATCH wählt Mitglieder durch höchstens ${limit} Vergleiche aus.`,
    member_passes: (limit) => `Ein PATCH geht alle Mitglieder einer Gruppe höchstens ${limit}-mal durch.`,
  },
  paces: {
    failures: (limit) =>
      `Von einer Adresse dürfen in der Minute höchstens ${limit} Anfragen mit untauglichem Token kommen.`,
    ceiling: (limit) => `Die Obergrenze des Mandanten in Anfragen je Sekunde ist ${limit}.`,
    under_way: (limit) => `Vom Mandanten waren schon ${limit} Anfragen zugleich in Arbeit, mehr geht nicht.`,
    turn: (limit) => `Der Mandant hat so viele Anfragen anstehen, dass diese ${limit} Sekunden vergeblich wartete.`,
  },
};
