/** What every page stands in: language, links that stay in the page, the query client's answers to lost sessions. */
import { Outlet, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { I18nProvider, RouterProvider } from "react-aria-components";
import { type Language, languageOf, loadMessages, type Messages, MessagesProvider } from "./messages";
import { usePreferences } from "./preferences";

export function Root() {
  const router = useRouter();
  const { language: choice } = usePreferences();
  const language = languageOf(choice, navigator.languages);
  const messages = useLoadedMessages(language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  if (messages === undefined) return null;
  return (
    <MessagesProvider value={messages}>
      <I18nProvider locale={language === "de" ? "de-DE" : "en-US"}>
        <RouterProvider
          navigate={(href) => {
            // The document of the API and other files are not pages of the console.
            if (href.startsWith("/api/")) window.location.assign(href);
            else void router.navigate({ href });
          }}
        >
          <Outlet />
        </RouterProvider>
      </I18nProvider>
    </MessagesProvider>
  );
}

/** The texts of a language; while another one loads the old ones stay. */
function useLoadedMessages(language: Language): Messages | undefined {
  const [messages, setMessages] = useState<Messages>();
  useEffect(() => {
    let left = false;
    void loadMessages(language).then((loaded) => {
      if (!left) setMessages(loaded);
    });
    return () => {
      left = true;
    };
  }, [language]);
  return messages;
}
