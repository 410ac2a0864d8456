import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../model/limits.ts";
import { Supervisor, type SupervisorAction } from "./supervisor.ts";
import { NEW_LIFE, stepThread, THREAD_PHASES, type ThreadInput } from "./thread-life.ts";

const TICK = LIMITS.supervisorTickMs;
const CRASH = { cause: "boom", permanent: false };

/** Two threads whose counters move unless they hang, and a clock that only this test moves. */
class Bench {
  readonly supervisor: Supervisor = new Supervisor(2);
  readonly beats: number[] = [0, 0];
  readonly hung: Set<number> = new Set();
  readonly actions: (SupervisorAction & { at: number })[] = [];
  now = 0;

  constructor() {
    for (const thread of [0, 1]) {
      this.#note(this.supervisor.start(thread, this.now));
      this.supervisor.ready(thread, this.now);
    }
    this.actions.length = 0;
  }

  run(forMs: number): void {
    for (const until = this.now + forMs; this.now < until;) {
      this.now += TICK;
      for (const thread of [0, 1]) if (!this.hung.has(thread)) this.beats[thread]! += 1;
      this.#tick();
    }
  }

  /** Everything stands still, this supervisor too; it is the first to run again. */
  pause(forMs: number): void {
    this.now += forMs;
    this.#tick();
  }

  die(thread: number, death = CRASH): void {
    this.#note(this.supervisor.died(thread, death, this.now));
  }

  #tick(): void {
    this.#note(this.supervisor.tick(this.beats, this.now));
  }

  #note(actions: readonly SupervisorAction[]): void {
    this.actions.push(...actions.map((action) => ({ ...action, at: this.now })));
    for (const { type, thread } of actions) {
      if (type === "spawn") this.supervisor.ready(thread, this.now);
    }
  }
}

describe("the supervisor", () => {
  it("[SUP-1, SUP-2] replaces the thread that died, after the back-off, and no other", () => {
    const bench = new Bench();
    bench.run(1_000);
    bench.die(1);
    bench.run(1_000);
    expect(bench.actions).toEqual([
      { type: "spawn", thread: 1, at: 1_000 + LIMITS.restartDelayMs },
    ]);
    expect(bench.supervisor.report(1)).toMatchObject({
      phase: "running",
      restarts: 1,
      lastCause: "boom",
    });
    expect(bench.supervisor.report(0)).toMatchObject({ phase: "running", restarts: 0 });
  });

  it("[SUP-2] doubles the back-off up to its limit, and starts small again after a minute of life", () => {
    const bench = new Bench();
    const waits: number[] = [];
    for (let death = 0; death < 9; death += 1) {
      const at = bench.now;
      bench.die(0);
      bench.run(LIMITS.restartDelayMostMs + TICK);
      waits.push((bench.actions.at(-1)?.at ?? 0) - at);
      // Lives long enough for the window not to fill, not long enough to be forgiven.
      bench.run(LIMITS.deathWindowMs / (LIMITS.deathsPerWindow - 1) - LIMITS.restartDelayMostMs);
    }
    expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
    bench.run(LIMITS.deathWindowMs);
    const at = bench.now;
    bench.die(0);
    bench.run(1_000);
    expect((bench.actions.at(-1)?.at ?? 0) - at).toBe(LIMITS.restartDelayMs);
  });

  it("[SUP-2] gives up at the sixth death within a minute, with the reason", () => {
    const bench = new Bench();
    for (let death = 1; death <= 6; death += 1) {
      bench.die(0);
      bench.run(5_000);
    }
    expect(bench.actions.at(-1)).toEqual({
      type: "give-up",
      thread: 0,
      at: 25_000,
      reason: "died 6 times within a minute; the last cause: boom",
    });
    expect(bench.actions.filter(({ type }) => type === "spawn")).toHaveLength(5);
  });

  it("[SUP-2] gives up at once where another try would end the same way", () => {
    const bench = new Bench();
    bench.die(0, { cause: "the store is of a newer version", permanent: true });
    bench.run(60_000);
    expect(bench.actions).toMatchObject([
      { type: "give-up", reason: "the store is of a newer version" },
    ]);
  });

  it("[SUP-3] ends a thread that hangs, and starts the next only when it is gone", () => {
    const bench = new Bench();
    bench.run(1_000);
    bench.hung.add(1);
    bench.run(20_000);
    expect(bench.actions).toEqual([
      {
        type: "end",
        thread: 1,
        at: 1_000 + LIMITS.threadSilenceMs,
        reason: "no heartbeat for 3.0 s",
      },
    ]);
    bench.hung.clear();
    bench.die(1);
    bench.run(1_000);
    expect(bench.actions.at(-1)).toEqual({ type: "spawn", thread: 1, at: 21_200 });
  });

  it("[SUP-3] waits longer on a machine with so much to do that its own ticks come late", () => {
    const supervisor = new Supervisor(1);
    supervisor.start(0, 0);
    supervisor.ready(0, 0);
    const ticks = LIMITS.threadSilenceMs / TICK;
    const actions: SupervisorAction[][] = [];
    for (let tick = 0; tick <= ticks; tick += 1)
      actions.push(supervisor.tick([0], tick * 5 * TICK));
    expect(actions.slice(0, -1).flat()).toEqual([]);
    expect(actions.at(-1)).toMatchObject([{ type: "end" }]);
  });

  it("[SUP-3] never ends a thread for a pause of its own, however often it comes", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            pauseMs: fc.integer({ min: LIMITS.supervisorLateMs + 1, max: 3_600_000 }),
            runMs: fc.integer({ min: TICK, max: 5_000 }),
          }),
          { maxLength: 20 },
        ),
        (pauses) => {
          const bench = new Bench();
          for (const { pauseMs, runMs } of pauses) {
            bench.pause(pauseMs);
            bench.run(runMs);
          }
          expect(bench.actions).toEqual([]);
        },
      ),
    );
  });

  it("gives a thread that starts more time: opening a large file is one long call", () => {
    const supervisor = new Supervisor(1);
    supervisor.start(0, 0);
    const actions: SupervisorAction[] = [];
    let now = 0;
    while (now < LIMITS.threadBootSilenceMs) {
      expect(actions).toEqual([]);
      now += TICK;
      actions.push(...supervisor.tick([0], now));
    }
    actions.push(...supervisor.tick([0], now + TICK));
    expect(actions).toMatchObject([{ type: "end", thread: 0 }]);
  });

  it("replaces nothing once it is stopped", () => {
    const bench = new Bench();
    bench.supervisor.stop(bench.now);
    bench.die(0);
    bench.hung.add(1);
    bench.run(60_000);
    expect(bench.actions).toEqual([]);
  });

  it("has an answer to every input in every phase", () => {
    const inputs: ThreadInput[] = [
      { type: "start" },
      { type: "ready" },
      { type: "died", ...CRASH },
      { type: "tick", beats: 1, elapsedMs: TICK },
      { type: "stop" },
    ];
    for (const phase of THREAD_PHASES) {
      for (const input of inputs) {
        const { life } = stepThread({ ...NEW_LIFE, phase }, input, 10);
        expect(THREAD_PHASES).toContain(life.phase);
      }
    }
  });
});
