import { randomUUID } from "node:crypto";
import type { ChangeRequestView, Role, User } from "@batchwatch/engine";
import fc from "fast-check";
import { CALENDAR, type Caller, JOB, type TwoPeopleWorld } from "./test-two-people.ts";
import { type Act, type Effect, Oracle, type Tally } from "./test-two-people-oracle.ts";

const ROLES_ASKED: readonly Role[] = [
  "administrator",
  "operations-manager",
  "team-lead",
  "on-call",
  "auditor",
];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Asking {
  readonly commandId: string;
  readonly reason: string;
  readonly breakGlass: boolean;
}
type Answer = Promise<{ readonly request: ChangeRequestView | null }>;

/** What somebody may want, and what the test says would come of it. `n` chooses between values. */
const WISHES: Readonly<
  Record<
    string,
    (
      n: number,
      world: TwoPeopleWorld,
    ) => { readonly effect: Effect; readonly call: (as: Caller, asking: Asking) => Answer }
  >
> = {
  tier: (n) => {
    const tier = ((n % 4) + 1) as 1 | 2 | 3 | 4;
    return {
      effect: { "job.tier": String(tier) },
      call: (as, asking) => as.jobs.configure({ jobId: JOB, change: { tier }, ...asking }),
    };
  },
  rename: (n) => {
    const name = n % 2 === 0 ? "gl-extract-v2" : "gl-extract";
    return {
      effect: { "job.name": name },
      call: (as, asking) => as.jobs.rename({ jobId: JOB, name, ...asking }),
    };
  },
  retire: (n) => ({
    effect: { "job.lifecycle": n % 2 === 0 ? "RETIRED" : "WATCHING" },
    call: (as, asking) =>
      as.jobs.retire({ jobId: JOB, ...asking, ...(n % 2 === 0 ? {} : { from: null }) }),
  }),
  assign: (n) => {
    const teamId = n % 2 === 0 ? "payments" : "ledger";
    return {
      effect: { "job.owner": teamId },
      call: (as, asking) => as.jobs.assign({ jobId: JOB, teamId, ...asking }),
    };
  },
  calendar: (n) => {
    const calendarId = n % 3 === 0 ? "other" : "target";
    const calendar = {
      ...CALENDAR,
      calendarId,
      name: `Days ${n % 2}`,
      workdays: [...CALENDAR.workdays],
      days: [],
    };
    return {
      effect: { [`calendar.${calendarId}`]: calendar.name },
      call: (as, asking) => as.calendars.propose({ calendar, ...asking }),
    };
  },
  paging: (n, { sourceId }) => ({
    effect: { "source.Core": n % 2 === 0 ? "PAGING" : "WATCHING" },
    call: (as, asking) =>
      n % 2 === 0
        ? as.sources.startPaging({ sourceId, ...asking })
        : as.sources.stopPaging({ sourceId, ...asking }),
  }),
  source: (n) => {
    const payload = {
      name: `Source ${n % 2}`,
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: null,
    } as const;
    return {
      effect: { [`source.${payload.name}`]: "WATCHING" },
      call: (as, asking) =>
        as.sources.propose({ change: { kind: "source-add", payload }, ...asking }),
    };
  },
  unmask: (n, { sourceId }) => {
    const kinds: "iban"[] = n % 2 === 0 ? ["iban"] : [];
    const payload = { sourceId, field: "account", kinds };
    return {
      effect: { "unmasked.account": n % 2 === 0 ? "iban" : null },
      call: (as, asking) =>
        as.sources.propose({ change: { kind: "masking-exception", payload }, ...asking }),
    };
  },
  retention: (n) => {
    const days = n % 3 === 0 ? null : n % 3;
    return {
      effect: { "retention.runs": days === null ? null : String(days) },
      call: (as, asking) => as.retention.propose({ what: "runs", days, ...asking }),
    };
  },
  user: (n) => {
    const payload = {
      name: `Newcomer ${n % 2}`,
      role: ROLES_ASKED[n % ROLES_ASKED.length] as Role,
      teamNames: ["Ledger"],
    };
    return {
      effect: { [`user.${payload.name}`]: `${payload.role}:ledger` },
      call: (as, asking) => as.users.propose({ change: { kind: "user-add", payload }, ...asking }),
    };
  },
  role: (n, world) => {
    const { userId, name } = world.person(n);
    const role = ROLES_ASKED[n % ROLES_ASKED.length] as Role;
    const payload = { userId, role, teamNames: ["Ledger"] };
    return {
      effect: { [`user.${name}`]: `${role}:ledger` },
      call: (as, asking) =>
        as.users.propose({ change: { kind: "user-change", payload }, ...asking }),
    };
  },
  removal: (n, world) => {
    const { userId, name } = world.person(n);
    return {
      effect: { [`user.${name}`]: null },
      call: (as, asking) =>
        as.users.propose({ change: { kind: "user-remove", payload: { userId } }, ...asking }),
    };
  },
};

const who = fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(8) });
const sometimes = fc.constantFrom(false, false, true);
const rarely = fc.constantFrom(false, false, false, true);
const how = { who, machine: fc.boolean(), stale: rarely };
const ask = fc.record({
  type: fc.constant("ask" as const),
  wish: fc.constantFrom(...Object.keys(WISHES)),
  n: fc.nat(11),
  glass: sometimes,
  ...how,
});
const decide = fc.record({
  type: fc.constant("decide" as const),
  verb: fc.constantFrom("approve", "approve", "approve", "reject", "withdraw"),
  /** Counted from the newest. */
  which: fc.nat(3),
  hash: fc.constantFrom("own", "own", "own", "wrong"),
  ...how,
});
const race = fc.record({ type: fc.constant("race" as const), one: decide, two: decide });
const revert = fc.record({
  type: fc.constant("revert" as const),
  which: fc.nat(5),
  glass: sometimes,
  ...how,
});
const signIn = fc.record({ type: fc.constant("signIn" as const), who });
const again = fc.record({ type: fc.constant("again" as const), who, other: fc.boolean() });
const clock = fc.record({
  type: fc.constant("clock" as const),
  ms: fc.constantFrom(MINUTE, HOUR, 2 * HOUR, DAY, 8 * DAY, 15 * DAY, -3 * HOUR),
});
/** Something is asked for and decided at once, by another person or by the same one in another session. */
const askedAndDecided = fc
  .tuple(ask, decide, fc.boolean())
  .map(([one, two, isSelf]): readonly Step[] => [
    one,
    { ...two, which: 0, verb: "approve", ...(isSelf && { who: one.who }) },
  ]);
const alone = <T extends Step>(step: fc.Arbitrary<T>): fc.Arbitrary<readonly Step[]> =>
  step.map((one) => [one]);

/** What may happen, in a store that is being set up or past it. */
export const STEPS: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: askedAndDecided },
        { weight: 5, arbitrary: alone(ask) },
        { weight: 4, arbitrary: alone(decide) },
        { weight: 2, arbitrary: alone(race) },
        { weight: 2, arbitrary: alone(revert) },
        { weight: 1, arbitrary: alone(signIn) },
        { weight: 2, arbitrary: alone(again) },
        { weight: 3, arbitrary: alone(clock) },
      ),
      { minLength: 5, maxLength: 30 },
    ),
  )
  .map(([isOver, steps]) => [...(isOver ? BOTH_SIGN_IN : []), ...steps.flat()]);

const BOTH_SIGN_IN: readonly Step[] = [
  { type: "signIn", who: 0 },
  { type: "signIn", who: 1 },
];

type AskStep = typeof ask extends fc.Arbitrary<infer T> ? T : never;
type DecideStep = typeof decide extends fc.Arbitrary<infer T> ? T : never;
interface How {
  readonly who: number;
  readonly machine: boolean;
  readonly stale: boolean;
}
export type Step =
  | AskStep
  | DecideStep
  | { readonly type: "race"; readonly one: DecideStep; readonly two: DecideStep }
  | ({ readonly type: "revert"; readonly which: number; readonly glass: boolean } & How)
  | { readonly type: "signIn"; readonly who: number }
  | { readonly type: "again"; readonly who: number; readonly other: boolean }
  | { readonly type: "clock"; readonly ms: number };

/** Makes the steps, one after the other. Answers what the oracle found wrong first; null: nothing. */
export async function play(
  world: TwoPeopleWorld,
  steps: readonly Step[],
  tally: Tally,
): Promise<string | null> {
  const oracle = new Oracle(await world.protectedThings(), world.createdAt);
  const player = new Player(world, oracle);
  let wrong: string | null = null;
  for (const step of [...steps, { type: "clock", ms: 2 * HOUR } as const]) {
    const acts = await player.make(step);
    const ends = step.type === "clock";
    wrong = oracle.judge(acts, await world.protectedThings(), world.now, ends);
    if (wrong !== null) break;
  }
  for (const key of Object.keys(tally) as (keyof Tally)[]) tally[key] += oracle.tally[key];
  return wrong;
}

class Player {
  readonly #world: TwoPeopleWorld;
  readonly #oracle: Oracle;
  #last: ((by: User) => Promise<Act | null>) | null = null;
  #lastBy: User | null = null;

  constructor(world: TwoPeopleWorld, oracle: Oracle) {
    this.#world = world;
    this.#oracle = oracle;
  }

  async make(step: Step): Promise<readonly Act[]> {
    const world = this.#world;
    switch (step.type) {
      case "ask": {
        const { effect, call } = (WISHES[step.wish] as (typeof WISHES)[string])(step.n, world);
        return this.#by(step, this.#asking(step, effect, step.glass, call));
      }
      case "revert": {
        const request = await this.#request(step.which);
        if (request === null) return [];
        const { requestId } = request;
        const effect = this.#oracle.undoOf(requestId);
        return this.#by(
          step,
          this.#asking(step, effect, step.glass, (as, asking) =>
            as.approvals.revert({ requestId, ...asking }),
          ),
        );
      }
      case "decide":
        return this.#by(step, await this.#deciding(step));
      case "race": {
        const pair = [step.one, step.two];
        const calls = await Promise.all(pair.map((one) => this.#deciding(one)));
        const acts = await Promise.all(
          calls.map((call, index) => call(world.person(pair[index]?.who ?? 0))),
        );
        return acts.filter((act) => act !== null);
      }
      case "again": {
        const by = step.other ? world.person(step.who) : this.#lastBy;
        const act = by === null ? null : ((await this.#last?.(by)) ?? null);
        return act === null ? [] : [act];
      }
      case "signIn": {
        const person = world.person(step.who);
        await world.signIn(person);
        this.#oracle.signedIn(person.name);
        return [];
      }
      case "clock":
        world.now += step.ms;
        await world.look();
        return [];
    }
  }

  async #by(step: How, call: (by: User) => Promise<Act | null>): Promise<readonly Act[]> {
    const by = this.#world.person(step.who);
    this.#last = call;
    this.#lastBy = by;
    const act = await call(by);
    return act === null ? [] : [act];
  }

  #asking(
    step: How,
    effect: Effect,
    glass: boolean,
    call: (as: Caller, asking: Asking) => Answer,
  ): (by: User) => Promise<Act | null> {
    const asking = { commandId: randomUUID(), reason: "it is due", breakGlass: glass };
    return async (by) => {
      const answer = await answerOf(() => call(this.#world.as(by, step), asking));
      const requestId = answer?.request?.requestId;
      if (requestId === undefined) return null;
      this.#oracle.asked(requestId, by.name, effect);
      return { type: "ask", by: by.name, requestId, effect, glass };
    };
  }

  async #deciding(step: DecideStep): Promise<(by: User) => Promise<Act | null>> {
    const request = await this.#request(step.which);
    const commandId = randomUUID();
    return async (by) => {
      if (request === null) return null;
      const { requestId } = request;
      const { approvals } = this.#world.as(by, step);
      if (step.verb === "reject") {
        await answerOf(() => approvals.reject({ commandId, requestId, note: "no" }));
        return null;
      }
      if (step.verb === "withdraw") {
        await answerOf(() => approvals.withdraw({ commandId, requestId }));
        return null;
      }
      const hash = step.hash === "own" ? request.hash : "0".repeat(64);
      const answer = await answerOf(() => approvals.approve({ commandId, requestId, hash }));
      return answer === null ? null : { type: "approve", by: by.name, requestId };
    };
  }

  async #request(which: number): Promise<ChangeRequestView | null> {
    return (await this.#world.requests())[which] ?? null;
  }
}

/** Null: refused, with a code that a caller can act on. Anything else is a defect of its own. */
async function answerOf<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === null || code === "INTERNAL_SERVER_ERROR") throw error;
    return null;
  }
}
