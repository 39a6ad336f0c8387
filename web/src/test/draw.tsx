import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { MessagesProvider } from "../messages";
import { en } from "../messages/en";

/** Draws a component with the English texts, and gives a person who can act on it. */
export function draw(element: ReactElement) {
  const user = userEvent.setup();
  return {
    user,
    ...render(element, { wrapper: ({ children }) => <MessagesProvider value={en}>{children}</MessagesProvider> }),
  };
}
