/** What differs between two documents, attribute by attribute. */

export type Difference = { path: string; before?: string; after?: string };

type Tree = { [name: string]: unknown };

/** Bookkeeping that moves with every write and tells the reader nothing. */
const skipped = new Set(["meta", "schemas", "id"]);

/** Differences in the order of the newer document; values of plain text stand as they are, others as JSON. */
export function differences(before: Tree | undefined, after: Tree | undefined): Difference[] {
  const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...names]
    .filter((name) => !skipped.has(name))
    .flatMap((name) => compare(name, before?.[name], after?.[name]));
}

function compare(path: string, before: unknown, after: unknown): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isTree(before) || isTree(after)) {
    if ((before === undefined || isTree(before)) && (after === undefined || isTree(after))) {
      const names = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
      const separator = path.includes(":") ? ":" : ".";
      return [...names].flatMap((name) => compare(path + separator + name, before?.[name], after?.[name]));
    }
  }
  return [
    {
      path,
      ...(before === undefined ? {} : { before: print(before) }),
      ...(after === undefined ? {} : { after: print(after) }),
    },
  ];
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function print(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
