/** What programs do with their key, ready to be copied, in the languages people ask for. */
import { follow } from "./follow";
import { people } from "./people";
import { snapshot } from "./snapshot";
import { verify } from "./verify";

export const exampleLanguages = ["curl", "python", "typescript"] as const;
export type ExampleLanguage = (typeof exampleLanguages)[number];

/**
 * The program in each language for the tenant whose part of the API stands at that address. Slugs and public addresses hold
 * nothing that would need quoting.
 */
export type Example = Record<ExampleLanguage, (tenant: string) => string>;

export const examples = { people, snapshot, follow, verify } as const satisfies Record<string, Example>;
export type ExampleTopic = keyof typeof examples;
export const exampleTopics = Object.keys(examples) as ExampleTopic[];
