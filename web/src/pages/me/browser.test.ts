import { expect, it } from "vitest";
import { browserOf } from "./browser";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

it.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`, { name: "Chrome", system: "Linux" }],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    { name: "Edge", system: "Windows" },
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
    { name: "Safari", system: "macOS" },
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
    { name: "Chrome", system: "iPhone" },
  ],
  ["Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0", { name: "Firefox", system: "Android" }],
  ["curl/8.5.0", { program: "curl" }],
  ["Mozilla/5.0 (compatible)", undefined],
  [" ", undefined],
  [undefined, undefined],
] as const)("%s is told as people call it", (userAgent, expected) => {
  expect(browserOf(userAgent)).toEqual(expected);
});
