/** Texts about people of the console, their sessions and the keys of programs; they come with their pages. */

import { part } from "./part";
import type { PeopleTexts } from "./people.en";

export const PeopleMessages = part<PeopleTexts>({
  en: async () => (await import("./people.en")).enPeople,
  de: async () => (await import("./people.de")).dePeople,
});

export const usePeopleMessages = PeopleMessages.use;
