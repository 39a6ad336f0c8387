// Asserts the size bars of the build, in bytes as they travel (gzip), and prints what there is.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const KIB = 1024;
const bars = { overview: 150 * KIB, page: 200 * KIB, chunk: 40 * KIB, css: 16 * KIB, font: 48 * KIB };

const assets = new URL("../dist/assets/", import.meta.url).pathname;
const names = readdirSync(assets).filter((name) => !/\.(br|gz)$/.test(name));
const read = (name) => readFileSync(join(assets, name));
const gzipped = new Map();
const sizeOf = (name) => {
  if (!gzipped.has(name)) gzipped.set(name, gzipSync(read(name), { level: 9 }).length);
  return gzipped.get(name);
};
const sum = (set) => [...set].reduce((total, name) => total + sizeOf(name), 0);

/** A script with everything it needs before it can run. */
function closure(start, seen = new Set()) {
  if (seen.has(start)) return seen;
  seen.add(start);
  const text = read(start).toString("utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) closure(name, seen);
  return seen;
}

const html = readFileSync(join(assets, "../index.html"), "utf8");
const scripts = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, name]) => name);
const first = new Set();
for (const script of scripts) closure(script, first);
// The texts of one language are asked for by the first script and needed before anything shows.
closure(
  names.find((name) => /^en-.*\.js$/.test(name)),
  first,
);

const checks = [["JS before the overview works", sum(first), bars.overview]];
const pages = names.filter((name) => /^[A-Z]\w*(Page|Detail)-.*\.js$/.test(name) && !first.has(name));
for (const page of pages) {
  if (page.startsWith("ReferencePage")) continue;
  const all = closure(page, new Set(first));
  // The log's detail stands on the log's page.
  if (page.startsWith("EventDetail"))
    closure(
      names.find((name) => name.startsWith("LogPage-")),
      all,
    );
  checks.push([`${page.split("-")[0]}, all JS`, sum(all), bars.page]);
  checks.push([`${page.split("-")[0]}, own chunk`, sizeOf(page), bars.chunk]);
}
const sheets = names.filter((name) => name.endsWith(".css") && !name.startsWith("ReferencePage"));
checks.push(["CSS of all pages, the API reference apart", sum(sheets), bars.css]);
const font = names.find((name) => /^inter-latin-wght-normal-.*\.woff2$/.test(name));
checks.push(["font (latin)", read(font).length, bars.font]);

let failed = 0;
for (const [what, size, bar] of checks) {
  const over = size > bar;
  if (over) failed += 1;
  console.log(
    `${over ? "OVER" : "ok  "} ${what.padEnd(44)} ${(size / KIB).toFixed(1).padStart(7)} of ${bar / KIB} KiB`,
  );
}
console.log(
  `${checks.length - failed} passed, ${failed} failed (${[...first].map((name) => basename(name)).length} scripts before the overview)`,
);
process.exitCode = failed === 0 ? 0 : 1;
