/** What a person chose for this browser. Nothing secret, nothing of the directory. `early.js` reads the same key. */
import { useSyncExternalStore } from "react";
import { createStore } from "./store";

export type Preferences = {
  theme: "system" | "light" | "dark";
  language: "system" | "en" | "de";
  times: "relative" | "local" | "utc";
  density: "compact" | "comfortable";
  /** Whether single keys (J, K, /) act. */
  singleKeys: boolean;
  /** Slugs of the tenants visited last, newest first. */
  recentTenants: string[];
};

const KEY = "directory-sync.preferences";
const RECENT = 5;

const defaults: Preferences = {
  theme: "system",
  language: "system",
  times: "relative",
  density: "compact",
  singleKeys: true,
  recentTenants: [],
};

const choices: { [K in "theme" | "language" | "times" | "density"]: readonly Preferences[K][] } = {
  theme: ["system", "light", "dark"],
  language: ["system", "en", "de"],
  times: ["relative", "local", "utc"],
  density: ["compact", "comfortable"],
};

/** Reads what storage holds; anything unknown falls back to the default. */
export function readPreferences(stored: string | null): Preferences {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? "{}");
    if (typeof parsed === "object" && parsed !== null) raw = parsed as Record<string, unknown>;
  } catch {
    return defaults;
  }
  const pick = <K extends keyof typeof choices>(key: K): Preferences[K] =>
    choices[key].find((choice) => choice === raw[key]) ?? defaults[key];
  return {
    theme: pick("theme"),
    language: pick("language"),
    times: pick("times"),
    density: pick("density"),
    singleKeys: typeof raw.singleKeys === "boolean" ? raw.singleKeys : defaults.singleKeys,
    recentTenants: Array.isArray(raw.recentTenants)
      ? raw.recentTenants.filter((slug): slug is string => typeof slug === "string").slice(0, RECENT)
      : [],
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const store = createStore<Preferences>(readPreferences(stored()));

export const preferences = {
  get: store.get,
  subscribe: store.subscribe,
  change(part: Partial<Preferences>) {
    const next = { ...store.get(), ...part };
    store.set(next);
    apply(next);
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Storage is refused: the choice holds until the page is left.
    }
  },
  visited(slug: string) {
    const { recentTenants } = store.get();
    if (recentTenants[0] === slug) return;
    preferences.change({ recentTenants: [slug, ...recentTenants.filter((other) => other !== slug)].slice(0, RECENT) });
  },
};

export function usePreferences(): Preferences {
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}

function apply({ theme, density }: Preferences) {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  if (density === "comfortable") dataset.density = density;
  else delete dataset.density;
}

if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    const next = readPreferences(event.newValue);
    store.set(next);
    apply(next);
  });
}
