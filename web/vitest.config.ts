import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  test: {
    environment: "jsdom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
    // Left to itself it keeps one processor free, which on a machine of two is half of them.
    maxWorkers: "100%",
    // A busy machine takes seconds where an idle one takes a blink; a test that hangs is ended all the same.
    testTimeout: 30_000,
  },
});
