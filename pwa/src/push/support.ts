/** What this browser is, as far as waking it goes. */
export interface PushEnvironment {
  readonly isSecure: boolean;
  readonly hasWorker: boolean;
  readonly hasPush: boolean;
  readonly isApple: boolean;
  /** Opened from the home screen, not in a browser's tab. */
  readonly isInstalled: boolean;
  readonly permission: NotificationPermission | null;
}

/** Why this device cannot be woken as it is, or that it can be. */
export type PushSupport = "ready" | "insecure" | "install-first" | "no-support" | "denied";

export function pushSupport(environment: PushEnvironment): PushSupport {
  const { isSecure, hasWorker, hasPush, isApple, isInstalled, permission } = environment;
  if (!isSecure) return "insecure";
  // A phone of Apple's has push only in an app on the home screen.
  if (!hasPush && isApple && !isInstalled) return "install-first";
  if (!hasWorker || !hasPush || permission === null) return "no-support";
  return permission === "denied" ? "denied" : "ready";
}

export function pushEnvironment(): PushEnvironment {
  return {
    isSecure: window.isSecureContext,
    hasWorker: "serviceWorker" in navigator,
    hasPush: "PushManager" in window,
    isApple: isApplePhone(navigator.userAgent, navigator.maxTouchPoints),
    isInstalled: runsInstalled(),
    permission: "Notification" in window ? Notification.permission : null,
  };
}

export function runsInstalled(): boolean {
  const { standalone } = navigator as { standalone?: boolean };
  return standalone === true || matchMedia("(display-mode: standalone)").matches;
}

/** iPads call themselves Macs, and are told by their touch screen. */
export function isApplePhone(userAgent: string, touchPoints: number): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/Firefox|FxiOS/, "Firefox"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/OPR\//, "Opera"],
  [/Chrome|CriOS|Chromium/, "Chrome"],
  [/Safari/, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPad/, "iPad"],
  [/iPhone|iPod/, "iPhone"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Macintosh/, "Mac"],
  [/Linux/, "Linux"],
];

/** `Chrome on Android`, as its owner tells devices apart. */
export function deviceLabel(userAgent: string, touchPoints: number): string {
  const browser = BROWSERS.find(([mark]) => mark.test(userAgent))?.[1] ?? "Browser";
  const system = SYSTEMS.find(([mark]) => mark.test(userAgent))?.[1];
  if (system === "Mac" && isApplePhone(userAgent, touchPoints)) return `${browser} on iPad`;
  return system === undefined ? browser : `${browser} on ${system}`;
}
