import type { Notification, NotificationCard } from "../model/notification.ts";
import { nowTold, notDelivered, pageFrom } from "./announce.ts";
import type { Draft } from "./draft.ts";
import { canBeWoken, nextPersonStep } from "./ladder.ts";
import { foremostOf } from "./members.ts";
import { muteOfIncident, policyFor } from "./receivers.ts";
import { wakes } from "./severity.ts";
import { clearSnooze } from "./snooze.ts";

/** What became of a page of the incident. */
export type PageFate = Pick<
  Notification,
  "incidentId" | "channel" | "userId" | "state" | "createdAt"
> & {
  /** Of the version that promised it. */
  readonly card: Pick<NotificationCard, "version">;
};

/**
 * Pages were given up. Where the last one reached nobody, the next person is paged now, not when the first would have been
 * given time to answer [INC-8]; where no page at all did, that is why nobody was told [INC-9]. Returns whether anything changed.
 */
export function onUndelivered(draft: Draft, pages: readonly PageFate[]): boolean {
  const { incident, context } = draft;
  const { acknowledgedBy, recovering, severity, escalation, resolution } = incident;
  if (resolution !== null || acknowledgedBy !== null) return false;
  const last = lastOfEach(pages.filter(({ channel }) => channel === "webpush"));
  const newest = [...last.values()].toSorted((a, b) => byAge(b.page, a.page))[0];
  const mayWake =
    wakes(severity) && recovering === null && muteOfIncident(context.world, incident) === null;
  if (newest?.isDead === true && mayWake && pageOther(draft, escalation.step, last)) return true;
  if (pages.length === 0 || pages.some(({ state }) => state !== "DEAD")) return false;
  return notDelivered(draft);
}

interface LastPage {
  readonly page: PageFate;
  /** On none of the person's devices. */
  readonly isDead: boolean;
}

/** The last page of each person, by user id. */
function lastOfEach(pages: readonly PageFate[]): ReadonlyMap<string, LastPage> {
  const last = new Map<string, LastPage>();
  for (const page of pages) {
    const { userId, state } = page;
    if (userId === null) continue;
    const known = last.get(userId);
    const age = known === undefined ? 1 : byAge(page, known.page);
    if (age < 0) continue;
    const others = age === 0 ? known?.isDead === true : true;
    last.set(userId, { page, isDead: others && state === "DEAD" });
  }
  return last;
}

/** Those of one step are of one age; only of two incidents must the clock say which came first. */
function byAge(a: PageFate, b: PageFate): number {
  return a.incidentId === b.incidentId
    ? a.card.version - b.card.version
    : a.createdAt - b.createdAt;
}

/** Pages the next one whose own last page did not end like this: a list of which nobody can be reached is not run through. */
function pageOther(draft: Draft, step: number, last: ReadonlyMap<string, LastPage>): boolean {
  const { incident, context } = draft;
  const unreached = [...last].flatMap(([userId, { isDead }]) => (isDead ? [userId] : []));
  const left = policyFor(context.world, incident).people.filter(
    (one) => canBeWoken(one) && !unreached.includes(one.person.userId),
  );
  if (left.length === 0) return false;
  // A snooze leaves one alone, not everybody [INC-12].
  if (left.every(({ person }) => person.userId === incident.snoozedBy?.userId)) clearSnooze(draft);
  const about = foremostOf(incident);
  const rung = pageFrom(draft, nextPersonStep(step), () => ({ type: "news", about }), unreached);
  if (rung === null) return false;
  nowTold(draft);
  draft.log("escalated", null, rung.person.person.name);
  return true;
}
