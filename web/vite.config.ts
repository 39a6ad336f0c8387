import { readFileSync } from "node:fs";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Languages whose texts the widget library may carry; ours are in `src/messages`. */
const locales = ["en-US", "de-DE"];

const everywhere =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|openapi-fetch|@tanstack\/(react-router|router-core|history|react-store|store|react-query|query-core))\//;

/** What of ours stands on every page. */
const ofTheFrame =
  /\/src\/(routes|preferences|store|messages\/index|api\/(client|failure|session|sessionEnd|reachability|tenants)|ui\/(Button|Chip|Copy|Feedback|Icon|Link|PageHeader|Skeleton|Time|Tooltip|clock|media)|components\/(FailureBox|failureText|Loaded|Missing|useSession))\.tsx?$/;

/**
 * Puts `src/early.js` into the head as a blocking script of its own, so that the theme is right in the first paint.
 * A module script would come too late, an inline one is forbidden by the Content-Security-Policy.
 */
function earlyScript(): Plugin {
  const source = new URL("./src/early.js", import.meta.url);
  let reference: string | undefined;
  return {
    name: "early-script",
    buildStart() {
      if (!this.meta.watchMode) {
        reference = this.emitFile({ type: "asset", name: "early.js", source: readFileSync(source, "utf8") });
      }
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const built = Object.values(bundle ?? {}).find(
          (file) => file.type === "asset" && file.names.includes("early.js"),
        );
        const src = reference && built ? `/${built.fileName}` : "/src/early.js";
        return { html, tags: [{ tag: "script", attrs: { src }, injectTo: "head-prepend" }] };
      },
    },
  };
}

/**
 * Opens every stylesheet of ours with the order of the layers: whichever chunk's sheet comes first decides it.
 */
function layerOrder(): Plugin {
  const order = "@layer reset, tokens, base, vendor, ui, components, pages;\n";
  return {
    name: "layer-order",
    enforce: "pre",
    transform: (code, id) => (/\/src\/.*\.css$/.test(id) ? order + code : undefined),
  };
}

export default defineConfig({
  plugins: [react(), layerOrder(), earlyScript(), { ...optimizeLocales.vite({ locales }), enforce: "pre" }],
  server: { proxy: { "/api": process.env.DIRECTORY_SYNC_URL ?? "http://127.0.0.1:8080" } },
  build: {
    outDir: process.env.WEB_DIST ?? "dist",
    emptyOutDir: true,
    target: ["chrome123", "firefox125", "safari17.5"],
    modulePreload: { polyfill: false },
    // The Content-Security-Policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every page needs, in one file: many small ones compress worse.
        codeSplitting: {
          groups: [
            { name: "base", test: everywhere },
            { name: "frame", test: ofTheFrame },
          ],
        },
      },
    },
  },
});
