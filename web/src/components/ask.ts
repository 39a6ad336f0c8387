import { routes } from "../routes";

/** Where something typed or pasted leads: an address of the console to its page, anything else to what happened to it. */
export function addressOf(tenant: string, typed: string): string {
  const asked = typed.trim();
  const { origin } = window.location;
  return asked.startsWith(`${origin}/`) ? asked.slice(origin.length) : routes.who(tenant, { of: asked });
}
