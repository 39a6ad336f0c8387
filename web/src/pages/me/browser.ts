/** A browser and its system as people call them, as far as its User-Agent tells. */
export type Browser = { name: string; system: string | undefined } | { program: string } | undefined;

/** Every browser also claims to be the ones it descends from, so the youngest stands first. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const first = (list: [RegExp, string][], text: string) => list.find(([pattern]) => pattern.test(text))?.[1];

export function browserOf(userAgent: string | undefined): Browser {
  if (userAgent === undefined || userAgent.trim() === "") return undefined;
  if (!userAgent.startsWith("Mozilla/")) {
    const program = userAgent.split(/[/\s]/)[0];
    return program ? { program } : undefined;
  }
  const name = first(browsers, userAgent);
  return name === undefined ? undefined : { name, system: first(systems, userAgent) };
}
