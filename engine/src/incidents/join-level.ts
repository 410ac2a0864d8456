import type { Alert, AlertLevel } from "../model/alert.ts";
import { alertIdOf } from "../model/ids.ts";

/**
 * The stored alert after a level was reported; null when it says nothing new. Reporting a level again changes nothing,
 * so a unit whose outcome is unknown can be sent again.
 */
export function joinLevel(stored: Alert | null, level: AlertLevel): Alert | null {
  if (!level.holds) {
    if (stored === null || !stored.firing) return null;
    return {
      ...stored,
      firing: false,
      endedAt: level.since,
      ending: level.ending,
      version: stored.version + 1,
    };
  }
  const { rule, subject, since, card } = level;
  if (stored === null) {
    return {
      alertId: alertIdOf(rule, subject),
      rule,
      subject,
      firing: true,
      since,
      endedAt: null,
      ending: null,
      openings: 1,
      version: 1,
      handledVersion: 0,
      incidentId: null,
      reason: null,
      card,
    };
  }
  if (stored.firing) {
    if (stored.since === since && sameCard(stored.card, card)) return null;
    return { ...stored, since, card, version: stored.version + 1 };
  }
  return {
    ...stored,
    firing: true,
    since,
    endedAt: null,
    ending: null,
    openings: stored.openings + 1,
    version: stored.version + 1,
    incidentId: null,
    reason: null,
    card,
  };
}

/** Both come from one writer, so their keys stand in the same order. */
function sameCard(a: Alert["card"], b: Alert["card"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
