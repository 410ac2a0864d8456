import { CLASSES, classOf, DIGIT } from "./char-class.ts";

/** One place of a pattern: the classes that may stand there, and how often at least (0 or 1) and at most. */
export interface Step {
  readonly classes: readonly number[];
  readonly least: 0 | 1;
  readonly most: number;
}

export interface Pattern {
  /** Bit that is set in the answer where the pattern occurs. */
  readonly flag: number;
  /** Not inside of a word: no letter or digit stands before it. */
  readonly atWordStart: boolean;
  readonly steps: readonly Step[];
}

interface Place {
  /** Where a class leads to. */
  readonly next: Map<number, number[]>;
  flag: number;
}

const EVERYWHERE = 0;
const AT_WORD_START = 1;

/**
 * All patterns as one automaton: a text is read once, one look-up for each character, and the answer says which patterns
 * occur in it. Each state is a row of `width` cells: the first is what it has found, then the row that each class leads to.
 */
export class ScanTable {
  readonly #rows: Int32Array;
  readonly #classes: Uint8Array;
  readonly states: number;

  /** @param classes class by UTF-16 unit */
  constructor(patterns: readonly Pattern[], classes: Uint8Array) {
    this.#classes = classes.map((one) => one + 1);
    this.#rows = rowsOf(placesOf(patterns));
    this.states = this.#rows.length / WIDTH;
  }

  /** The flags of all patterns that occur in the text. */
  flagsOf(text: string): number {
    const rows = this.#rows;
    const classes = this.#classes;
    const { length } = text;
    let row = 0;
    let flags = 0;
    for (let at = 0; at < length; at += 1) {
      // Both indices are inside of their tables by construction; a check would cost a third of the speed.
      row = rows[row + (classes[text.charCodeAt(at)] as number)] as number;
      flags |= rows[row] as number;
    }
    return flags;
  }
}

const WIDTH: number = CLASSES + 1;

/** A word in any case; " " is any blank, "-" any dash, "0" any digit, and what stands before "?" may be absent. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const character of text) {
    const last = steps.at(-1);
    if (character === "?" && last !== undefined) steps[steps.length - 1] = { ...last, least: 0 };
    else steps.push({ classes: [classOf(character.charCodeAt(0))], least: 1, most: 1 });
  }
  return steps;
}

function placesOf(patterns: readonly Pattern[]): Place[] {
  const places: Place[] = [placeOf(), placeOf()];
  for (const { flag, atWordStart, steps } of patterns) {
    let open = [atWordStart ? AT_WORD_START : EVERYWHERE];
    for (const { classes, least, most } of steps) {
      let last = open;
      for (let time = 0; time < most; time += 1) {
        const place = places.push(placeOf()) - 1;
        for (const from of last) for (const one of classes) link(places[from], one, place);
        // Every repetition but the first may be absent; the first one may where none is needed.
        open = time === 0 && least === 1 ? [place] : [...open, place];
        last = [place];
      }
    }
    for (const at of open) (places[at] as Place).flag |= flag;
  }
  return places;
}

function placeOf(): Place {
  return { next: new Map(), flag: 0 };
}

function link(from: Place | undefined, by: number, to: number): void {
  const known = from?.next.get(by);
  if (known === undefined) from?.next.set(by, [to]);
  else known.push(to);
}

/**
 * Every set of places that a text can be at, as a row. The first two are the beginnings: at the start of a word, and
 * inside of one; a row is that of its beginning but for what its other places lead to.
 */
function rowsOf(places: readonly Place[]): Int32Array {
  const sets = new Sets();
  const cells: number[] = [];
  sets.rowOf([EVERYWHERE, AT_WORD_START]);
  sets.rowOf([EVERYWHERE]);
  for (let state = 0; state < sets.all.length; state += 1) {
    const set = sets.all[state] as readonly number[];
    const beginning = set[1] === AT_WORD_START ? 0 : 1;
    const row = cells.length;
    let flag = 0;
    for (const at of set) flag |= (places[at] as Place).flag;
    cells.push(flag);
    for (let by = 0; by < CLASSES; by += 1) {
      cells.push(state < 2 ? -1 : (cells[beginning * WIDTH + 1 + by] as number));
    }
    for (const by of classesOf(places, state < 2 ? set : set.filter((at) => at > AT_WORD_START))) {
      cells[row + 1 + by] = sets.rowOf(after(places, set, by));
    }
    if (state >= 2) continue;
    for (let by = 0; by < CLASSES; by += 1) {
      if (cells[row + 1 + by] === -1) cells[row + 1 + by] = sets.rowOf(after(places, [], by));
    }
  }
  return Int32Array.from(cells);
}

/** Sets of places by their content, numbered as they are met. */
class Sets {
  readonly all: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();

  rowOf(set: readonly number[]): number {
    const key = set.join(",");
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.all.push(set) - 1;
      this.#numbers.set(key, number);
    }
    return number * WIDTH;
  }
}

/** Classes that lead anywhere from one of these places. */
function classesOf(places: readonly Place[], set: readonly number[]): ReadonlySet<number> {
  const classes = new Set<number>();
  for (const at of set) for (const by of (places[at] as Place).next.keys()) classes.add(by);
  return classes;
}

/** Where a character of this class leads from all these places. */
function after(places: readonly Place[], set: readonly number[], by: number): readonly number[] {
  const next = by === 0 || by > DIGIT ? [EVERYWHERE, AT_WORD_START] : [EVERYWHERE];
  for (const at of set) {
    for (const to of (places[at] as Place).next.get(by) ?? [])
      if (!next.includes(to)) next.push(to);
  }
  return next.sort((a, b) => a - b);
}
