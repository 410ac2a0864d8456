import type { MeView, OncallView } from "batchwatch/router";

export interface OncallPerson {
  readonly userId: string;
  readonly name: string;
  /** Devices that can be woken; null where it is not known. */
  readonly devices: number | null;
}

/** Most people of one list; the server takes no more. */
export const MOST_PEOPLE = 20;

/** The list with the person at `at` one place up (−1) or down (+1); the same list where there is no such place. */
export function moved<T>(list: readonly T[], at: number, step: 1 | -1): readonly T[] {
  const one = list[at];
  const other = list[at + step];
  if (one === undefined || other === undefined) return list;
  return list.with(at, other).with(at + step, one);
}

/** Those the server offers; where it offers none, whoever is on a list of any team, and the reader. */
export function candidatesFor(
  team: OncallView,
  teams: readonly OncallView[],
  me: Pick<MeView, "userId" | "name">,
): readonly OncallPerson[] {
  const known = new Map<string, OncallPerson>();
  const offered = team.candidates ?? [
    ...teams.flatMap((each) => each.people),
    { userId: me.userId, name: me.name, devices: null },
  ];
  for (const person of [...team.people, ...offered]) {
    if (!known.has(person.userId)) known.set(person.userId, person);
  }
  return [...known.values()].sort((a, b) => a.name.localeCompare(b.name));
}

export function deviceWords(devices: number | null): string {
  if (devices === null) return "";
  if (devices === 0) return "no device: cannot be woken";
  return devices === 1 ? "1 device" : `${devices} devices`;
}
