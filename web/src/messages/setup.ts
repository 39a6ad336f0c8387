/** The form of the guides' texts, and their loading: only the pages that set a connection up need them. */
import { useEffect, useState } from "react";
import type { Idp, SetupCheckName } from "../api/types";
import { type Language, useMessages } from ".";
import type { SetupTexts } from "./setup.en";

export type { SetupTexts };

/** Something to paste into a field of the IdP; `field` is the field's name as the IdP spells it. */
export type Give =
  | { field: string; what: "url" }
  | { field: string; what: "token" }
  | { field: string; what: "value"; value: string };

/** A field that takes something of an OAuth client. */
export type ClientField = { field: string; what: "tokenUrl" | "clientId" | "clientSecret" | "scope" };

/** The other way in, for an IdP that asks a token endpoint for access tokens. */
export type OAuthWay = {
  url: { field: string; what: "url" };
  client: ClientField[];
  lines: string[];
};

/** One step of a guide. Menus and fields are in the IdP's own spelling, whatever the language. */
export type GuideStep = {
  title: string;
  /** Where in the IdP, from its first menu on. */
  place?: string[];
  lines: string[];
  give?: Give[];
  /** What is given, and to be known, in place of `give` and `lines` where the IdP takes an OAuth client as well. */
  oauth?: OAuthWay;
  /** What to press after that. */
  press?: string;
  /** What the IdP does, for who wants to know. */
  behind?: string;
  /** What can be seen to have happened when the step is done. */
  checks: SetupCheckName[];
};

export type Guide = {
  /** The field that takes the token, as the IdP spells it. */
  tokenField: string;
  /** What is set up, in a line of the choice. */
  hint: string;
  steps: GuideStep[];
};

export type Guides = Record<Idp, Guide>;

const modules: Record<Language, () => Promise<SetupTexts>> = {
  en: async () => (await import("./setup.en")).setupEn,
  de: async () => (await import("./setup.de")).setupDe,
};

const loaded = new Map<Language, SetupTexts>();

export async function loadSetupTexts(language: Language): Promise<SetupTexts> {
  const texts = loaded.get(language) ?? (await modules[language]());
  loaded.set(language, texts);
  return texts;
}

/** What an identity provider is called in a guide. */
export const providerName = (texts: SetupTexts, idps: Record<Idp, string>, idp: Idp) =>
  idp === "other" ? texts.other : idps[idp];

/** The texts of the guides; nothing until they are there. */
export function useSetupTexts(): SetupTexts | undefined {
  const { language } = useMessages();
  const [texts, setTexts] = useState(() => loaded.get(language));
  useEffect(() => {
    let left = false;
    void loadSetupTexts(language).then((found) => {
      if (!left) setTexts(found);
    });
    return () => {
      left = true;
    };
  }, [language]);
  return texts;
}
