import { describe, expect, test } from "vitest";
import type { Probe } from "./probe.ts";
import { Speaker } from "./speaker.ts";
import { type Spoken, watch } from "./watch.ts";

const WELL: Probe = { type: "well" };
const ILL: Probe = { type: "ill", words: "it does not answer" };
const VOID: Probe = { type: "void" };

/** Runs the watch on these probes in turn, then stops it. */
async function watched(probes: readonly Probe[]) {
  const stop = new AbortController();
  const said: Spoken[] = [];
  const left = [...probes];
  let clock = 0;
  const isWell = await watch({
    everyMs: 4,
    signal: stop.signal,
    now: () => (clock += 1_000),
    say: (spoken) => said.push(spoken),
    probe: async () => {
      const next = left.shift();
      if (next !== undefined) return next;
      stop.abort();
      return WELL;
    },
  });
  return { said: said.map(({ state }) => state), spoken: said, isWell };
}

describe("watch", () => {
  test("says an outage once, however long, and once that it is over", async () => {
    const down = Array.from({ length: 10 }, () => ILL);
    const { said, spoken } = await watched([WELL, ...down, WELL, WELL, ILL, ILL, WELL]);
    expect(said).toEqual(["down", "up", "down", "up"]);
    expect(spoken[0]).toMatchObject({ words: "it does not answer", since: spoken[0]?.at });
    expect(spoken[1]?.since).toBe(spoken[0]?.at);
  });

  test("one bad probe is not an outage, and none that this process slept through", async () => {
    expect((await watched([WELL, ILL, WELL, ILL, WELL])).said).toEqual([]);
    expect((await watched([VOID, VOID, ILL, VOID, VOID, WELL])).said).toEqual([]);
    expect((await watched([VOID, ILL])).said).toEqual(["down"]);
  });

  test("a server that is away from the start is said to be, and tells the end by its exit", async () => {
    expect(await watched([ILL, ILL])).toMatchObject({ said: ["down"], isWell: false });
    expect(await watched([ILL, ILL, WELL])).toMatchObject({ said: ["down", "up"], isWell: true });
  });
});

describe("Speaker", () => {
  function speaker(failures: number) {
    const delivered: number[] = [];
    const complaints: string[] = [];
    const stop = new AbortController();
    let left = failures;
    const one = new Speaker<number>({
      name: "webhook",
      delaysMs: [1],
      signal: stop.signal,
      complain: (line) => complaints.push(line),
      deliver: async (message) => {
        left -= 1;
        if (left >= 0) return "it refuses connections";
        delivered.push(message);
        return null;
      },
    });
    return { one, delivered, complaints, stop };
  }

  test("tries again until it is taken, in order, each once", async () => {
    const { one, delivered, complaints } = speaker(5);
    for (const message of [1, 2, 3]) one.say(message);
    await one.idle();
    expect(delivered).toEqual([1, 2, 3]);
    expect(complaints).toHaveLength(5);
    expect(complaints[0]).toBe("webhook: not delivered (it refuses connections), again in 0.001 s");
    one.say(4);
    await one.idle();
    expect(delivered).toEqual([1, 2, 3, 4]);
  });

  test("keeps a bounded number, the newest, and stops when it is told to", async () => {
    const { one, delivered, complaints, stop } = speaker(Number.POSITIVE_INFINITY);
    for (let message = 0; message < 50; message += 1) one.say(message);
    expect(complaints.filter((line) => line.includes("given up"))).toHaveLength(30);
    stop.abort();
    await one.idle();
    expect(delivered).toEqual([]);
  });
});
