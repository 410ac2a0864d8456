import { stripText } from "@batchwatch/engine";

/** How long ago the last test page may have come back: two canaries and the time that they have (API_LIMITS.canaryEveryMs). Milliseconds. */
export const CANARY_AGE_MS: number = 11 * 60_000;

/**
 * What is wrong by an answer of `/health`, in words; null when a page would come through. A component that is DEGRADED is
 * somebody else's matter: the engine works and says so itself.
 *
 * @param now epoch milliseconds
 */
export function judgeHealth(body: string, now: number): string | null {
  const health = objectOf(parsed(body));
  const components = objectOf(health["components"]);
  if (typeof health["status"] !== "string") return "/health says nothing that can be read";
  for (const [name, component] of Object.entries(components)) {
    const { status, details } = objectOf(component);
    if (status !== "DOWN") continue;
    const summary = objectOf(details)["summary"];
    return typeof summary === "string" ? `${name} is DOWN: ${plain(summary)}` : `${name} is DOWN`;
  }
  if (health["status"] === "DOWN") return "it says that it is DOWN";
  return canaryWords(objectOf(objectOf(components["alerting"])["details"]), now);
}

/** Details are told to this machine only; where there are none, the status above has to do. */
function canaryWords(details: Readonly<Record<string, unknown>>, now: number): string | null {
  const text = details["canary_at"];
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || now - at <= CANARY_AGE_MS) return null;
  return `its last test page came back ${Math.round((now - at) / 60_000)} min ago`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** One line without what could forge another. */
function plain(text: string): string {
  return stripText(text).replaceAll(/\s+/g, " ").slice(0, 200);
}
