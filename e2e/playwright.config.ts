import { defineConfig } from "@playwright/test";

/** Debian's chromium, or the one that CHROMIUM names. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "tests",
  outputDir: "results/traces",
  fullyParallel: false,
  workers: 2,
  // Two browsers and their services share the processors: a journey has a second try, and is named when it needed it.
  retries: 1,
  // Only what hangs reaches these, also on a slow machine whose processors are shared.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    // Writing a trace takes time of every journey: whoever looks into one asks for it by `--trace on`.
    trace: "off",
    screenshot: "only-on-failure",
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
