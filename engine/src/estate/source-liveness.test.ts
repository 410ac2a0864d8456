import { describe, expect, it } from "vitest";
import { SourceLiveness } from "./source-liveness.ts";

const MINUTE = 60_000;
const T0 = Date.parse("2026-11-24T02:00:00.000Z");
const TWO_OPEN = new Map([["s", 2]]);

/** Contacts each `everyMs` from T0, ticks each 10 s, until `untilMs`. */
function fed(everyMs: number, untilMs: number, openRuns = TWO_OPEN): SourceLiveness {
  const liveness = new SourceLiveness();
  for (let at = 0; at <= untilMs; at += 1_000) {
    if (at % everyMs === 0) liveness.contact("s", T0 + at);
    if (at % 10_000 === 0) expect(liveness.tick(T0 + at, openRuns)).toEqual([]);
  }
  return liveness;
}

describe("a source that goes quiet [CLOCK-14, B18]", () => {
  it("is silent 2 min after a busy source's last contact, until its next one", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    const last = T0 + 12 * MINUTE;
    expect(liveness.tick(last + 2 * MINUTE - 1, TWO_OPEN)).toEqual([]);
    const opened = liveness.tick(last + 2 * MINUTE, TWO_OPEN);
    expect(opened).toMatchObject([
      { sourceId: "s", reason: "SOURCE_SILENT", from: last, until: null },
    ]);
    expect(liveness.tick(last + 3 * MINUTE, TWO_OPEN)).toEqual([]);
    expect(liveness.silent).toEqual(opened);
    const back = last + 20 * MINUTE;
    expect(liveness.contact("s", back)).toEqual({ ...opened[0], until: back });
    expect(liveness.silent).toEqual([]);
  });

  it("is known to be quiet at times once it was so twice, and by an outage never", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    let at = T0 + 12 * MINUTE;
    const silencesUntil = (end: number, everyMs: number) => {
      let opened = 0;
      for (at += 10_000; at <= end; at += 10_000) {
        if ((at - T0) % everyMs === 0) liveness.contact("s", at);
        opened += liveness.tick(at, TWO_OPEN).length;
      }
      return opened;
    };
    expect(silencesUntil(T0 + 72 * MINUTE, 5 * MINUTE)).toBe(2);
    const outages = [112, 160].map((end) => {
      const opened = silencesUntil(T0 + end * MINUTE, 1_000 * MINUTE);
      liveness.contact("s", at);
      return [opened, silencesUntil(at + 8 * MINUTE, MINUTE)];
    });
    expect(outages).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(silencesUntil(at + 10 * MINUTE + 10_000, 1_000 * MINUTE)).toBe(1);
  });

  it("is not known for the time in which our intake took nothing in", () => {
    const liveness = new SourceLiveness();
    liveness.contact("s", T0);
    liveness.contact("s", T0 + 10_000);
    liveness.paused(11 * MINUTE);
    expect(liveness.tick(T0 + 20 * MINUTE, TWO_OPEN)).toEqual([]);
  });

  it("is judged by the lulls it got over before", () => {
    const liveness = fed(90_000, 30 * MINUTE);
    const last = T0 + 30 * MINUTE;
    expect(liveness.tick(last + 3 * MINUTE - 1, TWO_OPEN)).toEqual([]);
    expect(liveness.tick(last + 3 * MINUTE, TWO_OPEN)).toHaveLength(1);
  });

  it("learns nothing from a silence: the next one stands out as soon as the first", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    const back = T0 + 52 * MINUTE;
    expect(liveness.tick(back - 1_000, TWO_OPEN)).toHaveLength(1);
    for (let at = 0; at <= 10 * MINUTE; at += 10_000) liveness.contact("s", back + at);
    const last = back + 10 * MINUTE;
    expect(liveness.tick(last + 2 * MINUTE - 1, TWO_OPEN)).toEqual([]);
    expect(liveness.tick(last + 2 * MINUTE, TWO_OPEN)).toMatchObject([{ from: last }]);
  });

  it.each([
    ["with a single open run: that silence is the job's", new Map([["s", 1]])],
    ["with nothing under way: there is nothing to hear", new Map<string, number>()],
  ])("is not silent %s", (_why, openRuns) => {
    const liveness = fed(2_000, 12 * MINUTE, openRuns);
    expect(liveness.tick(T0 + 60 * MINUTE, openRuns)).toEqual([]);
  });

  it("is not judged before it was known for ten minutes", () => {
    const liveness = fed(2_000, 5 * MINUTE);
    expect(liveness.tick(T0 + 20 * MINUTE, TWO_OPEN)).toEqual([]);
  });

  it("is not blamed for a pause of our own", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    liveness.paused(5 * MINUTE);
    expect(liveness.tick(T0 + 18 * MINUTE, TWO_OPEN)).toEqual([]);
  });

  it("is heard of again also after the clock was set back", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    const [silent] = liveness.tick(T0 + 15 * MINUTE, TWO_OPEN);
    const at = T0 - 60 * MINUTE;
    expect(liveness.contact("s", at)).toEqual({ ...silent, from: at, until: at });
    expect(liveness.silent).toEqual([]);
    expect(liveness.tick(T0 - 57 * MINUTE, TWO_OPEN)).toHaveLength(1);
  });

  it("goes quiet also when the clock is set back", () => {
    const liveness = fed(2_000, 12 * MINUTE);
    expect(liveness.tick(T0, TWO_OPEN)).toEqual([]);
    expect(liveness.tick(T0 + 2 * MINUTE, TWO_OPEN)).toHaveLength(1);
  });
});
