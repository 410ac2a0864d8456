import type { Incident } from "../model/incident.ts";
import type { Pageable } from "../model/policy.ts";
import { ALERTING_TIMES, LADDER_ROUNDS } from "./alerting-times.ts";

/** Pushes of one person in a row. */
export const PUSHES = 2;

/** A step of the ladder: who is paged with it. */
export interface Rung {
  readonly step: number;
  readonly person: Pageable;
}

export function canBeWoken({ devices }: Pick<Pageable, "devices">): boolean {
  return devices.length > 0;
}

/**
 * The next step from `from` on whose person can be woken; null: nobody can. Step 0 pushes the first person, 1 the
 * same again, 2 the next; the list is gone through three times, then only its first is left. Persons without a
 * device, and those in `spared`, are passed over without waiting.
 */
export function rungFrom(
  people: readonly Pageable[],
  from: number,
  spared: ReadonlySet<string>,
): Rung | null {
  const isNext = (one: Pageable) => canBeWoken(one) && !spared.has(one.person.userId);
  const end = stepsOf(people);
  for (let step = from; step < end; step++) {
    const person = personAt(people, step);
    if (person !== null && isNext(person)) return { step, person };
  }
  const first = people.find(isNext);
  return first === undefined ? null : { step: Math.max(from, end), person: first };
}

/** How long after this step the next one is due, counted from its sending. */
export function pauseAfter(people: readonly Pageable[], step: number): number {
  if (step + 1 >= stepsOf(people)) return ALERTING_TIMES.repeatMs;
  return step % PUSHES === 0 ? ALERTING_TIMES.secondPushMs : ALERTING_TIMES.nextPersonMs;
}

/** The first step of the next person after what was taken. */
export function nextPersonStep(taken: number): number {
  return Math.ceil(taken / PUSHES) * PUSHES;
}

/** The first step of this person; 0 when they are not in the list. */
export function stepOfPerson(people: readonly Pageable[], userId: string): number {
  return (
    PUSHES *
    Math.max(
      0,
      people.findIndex(({ person }) => person.userId === userId),
    )
  );
}

/** Where the ladder goes on that nobody answered: attempts that fail one after the other reach everybody; after the rounds it begins anew. */
export function stepOnwards(people: readonly Pageable[], step: number): number {
  return step < stepsOf(people) ? step : 0;
}

/** Whose step it is within the rounds; null outside them. */
export function personAt(people: readonly Pageable[], step: number): Pageable | null {
  if (step < 0 || step >= stepsOf(people)) return null;
  return people[Math.floor(step / PUSHES) % people.length] ?? null;
}

/** How many times the list was gone through before this step. */
export function roundOf(people: readonly Pageable[], step: number): number {
  const round = Math.floor(step / Math.max(1, PUSHES * people.length));
  return Math.max(0, Math.min(round, LADDER_ROUNDS));
}

function stepsOf(people: readonly Pageable[]): number {
  return PUSHES * people.length * LADDER_ROUNDS;
}

/** The one who is left alone just now: nobody, as soon as nobody else can be woken. */
export function sparedBy(
  { snoozedBy }: Pick<Incident, "snoozedBy">,
  people: readonly Pageable[],
): ReadonlySet<string> {
  if (snoozedBy === null || !hasOther(people, snoozedBy.userId)) return new Set();
  return new Set([snoozedBy.userId]);
}

/** Whether somebody else than this one can be woken. */
export function hasOther(people: readonly Pageable[], userId: string): boolean {
  return people.some((one) => canBeWoken(one) && one.person.userId !== userId);
}
