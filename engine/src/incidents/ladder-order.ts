import type { Escalation } from "../model/incident.ts";
import type { Pageable } from "../model/policy.ts";
import { LADDER_ROUNDS } from "./alerting-times.ts";
import { PUSHES } from "./ladder.ts";

/** The list in the order in which this ladder goes through it; who is new comes last. */
export function inOrder(
  people: readonly Pageable[],
  { order }: Pick<Escalation, "order">,
): readonly Pageable[] {
  if (order === undefined || isSame(order, people)) return people;
  const known = order.flatMap((id) => people.find(({ person }) => person.userId === id) ?? []);
  const ids = new Set(order);
  return [...known, ...people.filter(({ person }) => !ids.has(person.userId))];
}

/**
 * The ladder on the list as it is now: whom it has reached in this round stays reached and goes first, the others follow as the list
 * has them. So nobody is told twice for a list that grew shorter, and nobody is skipped for one that was put in another order [INC-8].
 */
export function followList(people: readonly Pageable[], escalation: Escalation): Escalation {
  const { step, order } = escalation;
  if (order === undefined || people.length === 0 || isSame(order, people)) return escalation;
  const before = PUSHES * order.length;
  const isOver = step >= before * LADDER_ROUNDS;
  const inRound = isOver ? before : step % before;
  const last = order[Math.ceil(inRound / PUSHES) - 1];
  const reached = order
    .slice(0, Math.ceil(inRound / PUSHES))
    .filter((id) => people.some(({ person }) => person.userId === id));
  const list = people.map(({ person }) => person.userId);
  const others = list.filter((userId) => !reached.includes(userId));
  const length = PUSHES * people.length;
  if (isOver && others.length === 0) {
    return {
      ...escalation,
      order: list,
      step: length * LADDER_ROUNDS + (step - before * LADDER_ROUNDS),
    };
  }
  // Somebody who came after the last round is still to be reached in it.
  const round = isOver ? LADDER_ROUNDS - 1 : Math.floor(step / before);
  const isHalf = inRound % PUSHES > 0 && last !== undefined && reached.includes(last);
  // A round that begins takes the list as it is.
  const first = others.length === 0 && !isHalf ? list : reached;
  const taken = PUSHES * reached.length - (isHalf ? 1 : 0);
  return { ...escalation, order: [...first, ...others], step: round * length + taken };
}

function isSame(order: readonly string[], people: readonly Pageable[]): boolean {
  return (
    order.length === people.length &&
    order.every((id, index) => people[index]?.person.userId === id)
  );
}
