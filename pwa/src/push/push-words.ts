import type { PushProblem } from "./turn-on.ts";

/** What happened, and what to do about it. */
export const PROBLEM_WORDS: Readonly<Record<PushProblem, string>> = {
  insecure: "Browsers wake a device only over https. Open Batchwatch by its https address.",
  "install-first": "On iPhone, add Batchwatch to the Home Screen first; only then can it wake you.",
  "no-support": "This browser cannot be woken. Use a current Chrome, Edge, Firefox or Safari.",
  denied:
    "Notifications are blocked for this site. Allow them in the browser's site settings (the icon left of the address), then turn this on again.",
  "not-answered": "The browser's question was not answered. Nothing was changed.",
  "no-worker": "The app is not ready in this browser yet. Load the page again.",
  unreachable:
    "This browser's push service did not answer within 15 s. A firewall may block it; nothing was changed.",
  "endpoint-refused":
    "This server does not send to this browser's push service. An administrator can allow its host.",
  "switched-off": "Push is switched off on this server. An administrator can turn it on.",
  network: "No connection. Nothing was changed; try again.",
  server: "The server could not do it. Nothing was changed; try again.",
};

/** How an app gets onto the home screen of an iPhone or iPad. */
export const APPLE_STEPS: readonly string[] = [
  "Open Batchwatch in Safari and tap Share, the square with an arrow.",
  "Tap Add to Home Screen, and leave Open as Web App switched on.",
  "Open Batchwatch from the Home Screen and sign in there.",
  "Go to More and turn on This phone.",
];
