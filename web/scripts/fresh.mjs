// Whether src/api/generated.ts is what the API's document makes; `npm run generate` writes it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "api-types-"));
const made = join(folder, "generated.ts");
try {
  const generator = join("node_modules", "openapi-typescript", "bin", "cli.js");
  execFileSync("node", [generator, "../openapi.json", "-o", made], { stdio: ["ignore", "ignore", "inherit"] });
  if (readFileSync(made, "utf8") !== readFileSync("src/api/generated.ts", "utf8")) {
    console.error("src/api/generated.ts is stale: run ./just openapi");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
