/** English texts about the keys that act without a modifier. */
const text = (value: string): string => value;

export const enKeys = {
  keyboard: {
    title: text("Keys"),
    hint: text("Single keys act outside of fields only. They can be switched off in your preferences."),
    close: text("Close"),
    list: [
      { press: ["Ctrl / ⌘", "K"], does: "Find a person, group or request" },
      { press: ["/"], does: "Search the list" },
      { press: ["J", "K"], does: "Next and previous row" },
      { press: ["Enter"], does: "Open the row" },
      { press: ["Esc"], does: "Close the detail" },
      { press: ["C"], does: "Copy the id of the selected row" },
      { press: ["Space"], does: "Pause or resume the log" },
      { press: ["G", "O"], does: "Overview" },
      { press: ["G", "C"], does: "Credentials" },
      { press: ["G", "U"], does: "Users" },
      { press: ["G", "R"], does: "Groups" },
      { press: ["G", "A"], does: "Access" },
      { press: ["G", "L"], does: "Sync log" },
      { press: ["G", "F"], does: "Changes" },
      { press: ["G", "W"], does: "Webhooks" },
      { press: ["?"], does: "This list" },
    ],
  },
};

export type KeysTexts = typeof enKeys;
