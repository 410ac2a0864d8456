/** Order matters: Edge and Opera call themselves Chrome, Chrome calls itself Safari. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, "Android"],
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "Mac"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];
const MOST_READ = 400;

/** What kind of browser, in words that its user knows it by: "Chrome on Android". Nothing of what was sent is repeated. */
export function browserLabel(userAgent: string | undefined): string {
  const text = (userAgent ?? "").slice(0, MOST_READ);
  const browser = BROWSERS.find(([form]) => form.test(text))?.[1] ?? "A browser";
  const system = SYSTEMS.find(([form]) => form.test(text))?.[1];
  return system === undefined ? browser : `${browser} on ${system}`;
}
