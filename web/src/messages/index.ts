/** The console's texts: one module per language, loaded on demand, all of one type. */
import { createContext, use, useEffect, useState } from "react";
import type { Preferences } from "../preferences";
import type { CauseTexts } from "./cause";
import type { Messages } from "./en";

export type { Messages };
export type Language = "en" | "de";

const modules: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import("./en")).en,
  de: async () => (await import("./de")).de,
};

export const loadMessages = (language: Language): Promise<Messages> => modules[language]();

/** The language to show: the chosen one, else the first of the browser's that we have. */
export function languageOf(choice: Preferences["language"], accepted: readonly string[]): Language {
  if (choice !== "system") return choice;
  for (const tag of accepted) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "en" || language === "de") return language;
  }
  return "en";
}

const MessagesContext = createContext<Messages | undefined>(undefined);

export const MessagesProvider = MessagesContext.Provider;

export function useMessages(): Messages {
  const messages = use(MessagesContext);
  if (messages === undefined) throw new Error("no messages above this component");
  return messages;
}

const causes: Record<Language, () => Promise<CauseTexts>> = {
  en: async () => (await import("./causes.en")).enCauses,
  de: async () => (await import("./causes.de")).deCauses,
};

const loadedCauses = new Map<Language, CauseTexts>();

export async function loadCauses(language: Language): Promise<CauseTexts> {
  const texts = loadedCauses.get(language) ?? (await causes[language]());
  loadedCauses.set(language, texts);
  return texts;
}

/** The texts of causes, which only problems need; nothing until they are there. */
export function useCauses(): CauseTexts | undefined {
  const { language } = useMessages();
  const [texts, setTexts] = useState(() => loadedCauses.get(language));
  useEffect(() => {
    let left = false;
    void loadCauses(language).then((loaded) => {
      if (!left) setTexts(loaded);
    });
    return () => {
      left = true;
    };
  }, [language]);
  return texts;
}
