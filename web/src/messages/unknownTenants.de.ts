/** Deutsche Texte der Liste der Anfragen an Mandanten, die es nicht gibt. */
import { deHappened } from "./happened.de";
import type { UnknownTenantsTexts } from "./unknownTenants.en";

export const deUnknownTenants: UnknownTenantsTexts = {
  ...deHappened,
  unknownTenants: {
    title: "Anfragen an unbekannte Mandanten",
    lead: "Ihre Adresse nennt keinen Mandanten dieses Dienstes: eine vertippte SCIM-URL, ein gelöschter Mandant oder jemand, der sucht.",
    emptyTitle: "Keine Anfrage an einen unbekannten Mandanten",
    empty: "Jede aufbewahrte Anfrage ging an einen Mandanten, den es gibt. Eine an eine andere Adresse stünde hier.",
  },
};
