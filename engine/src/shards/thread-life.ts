import { LIMITS } from "../model/limits.ts";

export const THREAD_PHASES = [
  "idle",
  "starting",
  "running",
  "ending",
  "backing-off",
  "given-up",
  "stopped",
] as const;
export type ThreadPhase = (typeof THREAD_PHASES)[number];

/** What the supervisor knows of one thread. Times are milliseconds of a monotonic clock. */
export interface ThreadLife {
  readonly phase: ThreadPhase;
  /** Its deaths within the last `LIMITS.deathWindowMs`. */
  readonly deaths: readonly number[];
  /** Deaths since it last ran for `LIMITS.deathWindowMs`: what the back-off doubles with. */
  readonly streak: number;
  /** How often a new thread has taken its place. */
  readonly restarts: number;
  readonly lastCause: string | null;
  readonly startedAt: number;
  /** While backing off: when it is started again. */
  readonly dueAt: number;
  /** Its heartbeat counter as last seen. */
  readonly beats: number;
  /** How long that counter has stood still, counting only time in which the supervisor was on time. */
  readonly silentMs: number;
}

export type ThreadInput =
  | { readonly type: "start" }
  /** It has opened what it needs and works. */
  | { readonly type: "ready" }
  /** `permanent`: another try would end the same way. */
  | { readonly type: "died"; readonly cause: string; readonly permanent: boolean }
  /** `elapsedMs` is 0 when the supervisor itself was late: then nothing can be said of the thread. */
  | { readonly type: "tick"; readonly beats: number; readonly elapsedMs: number }
  | { readonly type: "stop" };

export type ThreadOrder =
  | { readonly type: "spawn" }
  /** It hangs: end it. Its death is still to come. */
  | { readonly type: "end"; readonly reason: string }
  | { readonly type: "give-up"; readonly reason: string };

export interface ThreadStep {
  readonly life: ThreadLife;
  readonly order: ThreadOrder | null;
}

type Handler<I extends ThreadInput["type"]> = (
  life: ThreadLife,
  input: Extract<ThreadInput, { type: I }>,
  now: number,
) => ThreadStep;
type Row = { readonly [I in ThreadInput["type"]]: Handler<I> };

export const NEW_LIFE: ThreadLife = {
  phase: "idle",
  deaths: [],
  streak: 0,
  restarts: 0,
  lastCause: null,
  startedAt: 0,
  dueAt: 0,
  beats: 0,
  silentMs: 0,
};

const same = (life: ThreadLife): ThreadStep => ({ life, order: null });
const stopped = (life: ThreadLife): ThreadStep => same({ ...life, phase: "stopped" });

const TABLE: Readonly<Record<ThreadPhase, Row>> = {
  idle: { start: spawn, ready: same, died: same, tick: same, stop: stopped },
  starting: {
    start: same,
    ready: (life) => same({ ...life, phase: "running", silentMs: 0 }),
    died: bury,
    tick: (life, input) => listen(life, input, LIMITS.threadBootSilenceMs),
    stop: stopped,
  },
  running: {
    start: same,
    ready: same,
    died: bury,
    tick: (life, input) => listen(life, input, LIMITS.threadSilenceMs),
    stop: stopped,
  },
  // It may be inside a call that nothing interrupts; only its death says that it is gone.
  ending: { start: same, ready: same, died: bury, tick: same, stop: stopped },
  "backing-off": {
    start: same,
    ready: same,
    died: same,
    tick: (life, _input, now) =>
      now < life.dueAt
        ? same(life)
        : spawn({ ...life, restarts: life.restarts + 1 }, { type: "start" }, now),
    stop: stopped,
  },
  "given-up": { start: same, ready: same, died: same, tick: same, stop: same },
  stopped: { start: same, ready: same, died: same, tick: same, stop: same },
};

/** The next state of one thread, and what is to be done about it. Pure. */
export function stepThread(life: ThreadLife, input: ThreadInput, now: number): ThreadStep {
  const handle = TABLE[life.phase][input.type] as Handler<ThreadInput["type"]>;
  return handle(life, input, now);
}

function spawn(life: ThreadLife, _input: { readonly type: "start" }, now: number): ThreadStep {
  return {
    life: { ...life, phase: "starting", startedAt: now, silentMs: 0 },
    order: { type: "spawn" },
  };
}

function listen(
  life: ThreadLife,
  { beats, elapsedMs }: Extract<ThreadInput, { type: "tick" }>,
  mostMs: number,
): ThreadStep {
  // A late supervisor starts to count anew: after a pause of all, threads need their turn first.
  const heard = beats !== life.beats || elapsedMs === 0;
  const silentMs = heard ? 0 : life.silentMs + elapsedMs;
  if (silentMs < mostMs) return same({ ...life, beats, silentMs });
  const reason = `no heartbeat for ${(silentMs / 1_000).toFixed(1)} s`;
  return { life: { ...life, phase: "ending", silentMs }, order: { type: "end", reason } };
}

function bury(
  life: ThreadLife,
  { cause, permanent }: Extract<ThreadInput, { type: "died" }>,
  now: number,
): ThreadStep {
  const deaths = [...life.deaths.filter((at) => at > now - LIMITS.deathWindowMs), now];
  const streak = now - life.startedAt >= LIMITS.deathWindowMs ? 1 : life.streak + 1;
  const dead = { ...life, deaths, streak, lastCause: cause };
  if (permanent || deaths.length >= LIMITS.deathsPerWindow) {
    const reason = permanent
      ? cause
      : `died ${deaths.length} times within a minute; the last cause: ${cause}`;
    return { life: { ...dead, phase: "given-up" }, order: { type: "give-up", reason } };
  }
  const waitMs = Math.min(LIMITS.restartDelayMs * 2 ** (streak - 1), LIMITS.restartDelayMostMs);
  return same({ ...dead, phase: "backing-off", dueAt: now + waitMs });
}
