import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Story } from "./test-story.ts";
import { alertOf, pageable, T0, worldOf } from "./test-incidents.ts";

const FAILED = alertOf("a", T0);

/** Pages in their order, each as `minutes since the first: person`, until so many were sent. */
class Night {
  readonly story: Story = new Story();
  readonly paged: string[] = [];

  constructor(...names: readonly string[]) {
    this.list(...names);
    this.note(this.story.take([FAILED]));
  }

  list(...names: readonly string[]): void {
    this.story.world = worldOf({ people: names.map((name) => pageable(name)) });
  }

  next(count: number): readonly string[] {
    const from = this.paged.length;
    for (let pages = 0; pages < count; pages++) {
      this.story.now = this.story.open.nextDueAt ?? 0;
      this.note(this.story.after(0));
    }
    return this.paged.slice(from);
  }

  note(sent: readonly string[]): void {
    expect(sent).toHaveLength(1);
    this.paged.push(sent[0]?.replace("page ", "") ?? "");
  }

  rounds(): readonly (string | null)[] {
    const events = this.story.last?.events ?? [];
    return events.filter(({ kind }) => kind === "list-over").map(({ text }) => text);
  }
}

describe("a list that changes while it is gone through", () => {
  it("[INC-8] shortened, it goes on with whom it has not reached, then begins anew", () => {
    const night = new Night("ann", "ben", "carla", "dora", "ed");
    expect(night.next(5)).toEqual(["ann", "ben", "ben", "carla", "carla"]);
    night.list("ann", "ed");
    expect(night.next(2)).toEqual(["ed", "ed"]);
    expect(night.next(1)).toEqual(["ann"]);
    expect(night.rounds()).toEqual(["1 of 3"]);
    expect(night.next(4)).toEqual(["ann", "ed", "ed", "ann"]);
    expect(night.rounds()).toEqual(["2 of 3"]);
  });

  it("[INC-8] without the one who was just paged it goes on to the next", () => {
    const night = new Night("ann", "ben", "carla");
    night.next(2);
    night.list("ann", "carla");
    expect(night.next(3)).toEqual(["carla", "carla", "ann"]);
  });

  it("[INC-8] in another order nobody is skipped, and nobody is told twice", () => {
    const night = new Night("ann", "ben", "carla");
    night.next(1);
    night.list("carla", "ann", "ben");
    expect(night.next(4)).toEqual(["carla", "carla", "ben", "ben"]);
    // A round that begins takes the list as it is.
    expect(night.next(6)).toEqual(["carla", "carla", "ann", "ann", "ben", "ben"]);
  });

  it("[INC-8] who comes after the last round is paged before only the first is left", () => {
    const night = new Night("ann");
    expect(night.next(6)).toHaveLength(6);
    expect(night.rounds()).toEqual(["3 of 3"]);
    night.next(1);
    expect(night.rounds()).toEqual([]);
    night.list("ann", "ben");
    expect(night.next(3)).toEqual(["ben", "ben", "ann"]);
    expect(night.rounds()).toEqual(["3 of 3"]);
  });

  it("[INC-8] an empty list keeps the place", () => {
    const night = new Night("ann", "ben", "carla");
    night.next(2);
    night.list();
    night.story.now = night.story.open.nextDueAt ?? 0;
    expect(night.story.after(0)).toEqual([]);
    night.list("ann", "ben", "carla");
    expect(night.next(2)).toEqual(["ben", "carla"]);
  });

  it("[INC-8] whatever the list becomes, a round reaches each who stays in it twice in a row, once", () => {
    const names = ["ann", "ben", "carla", "dora", "ed"];
    const list = fc.shuffledSubarray(names, { minLength: 1 });
    fc.assert(
      fc.property(list, list, fc.integer({ min: 0, max: 9 }), (first, then, pages) => {
        const night = new Night(...first);
        // Not the whole round: then the next one takes the list as it is.
        const before = Math.min(pages, 2 * first.length - 2);
        night.next(before);
        const reached = [...new Set(night.paged)];
        night.list(...then);
        const left = then.filter((name) => !reached.includes(name));
        const last = reached.at(-1) ?? "";
        const again = night.paged.length % 2 === 1 && then.includes(last) ? [last] : [];
        const expected = [...again, ...left.flatMap((name) => [name, name])];
        expect(night.next(expected.length)).toEqual(expected);
        expect(night.next(1)).toEqual(then.slice(0, 1));
        expect(night.rounds()).toEqual(["1 of 3"]);
      }),
      { numRuns: 200 },
    );
  });
});
