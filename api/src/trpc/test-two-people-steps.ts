import { randomUUID } from "node:crypto";
import type { ChangeRequestView, User } from "@batchwatch/engine";
import fc from "fast-check";
import type { Caller, TwoPeopleWorld } from "./test-two-people.ts";
import { type Act, type Effect, Oracle, type Tally } from "./test-two-people-oracle.ts";
import { type Answer, type Asking, WISHES } from "./test-two-people-wishes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
const collect = fc.record({ type: fc.constant("collect" as const), which: fc.nat(3), ...how });
const signIn = fc.record({ type: fc.constant("signIn" as const), who });
const vouch = fc.record({ type: fc.constant("vouch" as const), who });
const erase = fc.record({ type: fc.constant("erase" as const), who });
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
/** Somebody lets a newcomer in and fetches their link; then one of the two asks and the other decides. */
const letInAndDecided = fc
  .tuple(fc.nat(1), ask, decide, fc.boolean(), fc.boolean())
  .map(([asker, one, two, turned, isStrict]): readonly Step[] => {
    const plain = { machine: false, stale: false };
    const by = { who: asker, ...plain };
    const newcomer = { who: 6, ...plain };
    const approve = { type: "decide", verb: "approve", which: 0, hash: "own" } as const;
    return [
      { type: "ask", wish: "user", n: isStrict ? 0 : one.n, glass: false, ...by },
      { ...approve, who: 1 - asker, ...plain },
      { type: "collect", which: 0, ...by },
      { ...one, glass: false, ...(turned ? newcomer : by) },
      { ...two, ...approve, ...(turned ? by : newcomer) },
    ];
  });
/**
 * A newcomer asks for something, under break-glass or not; then the host vouches for them or they have themselves erased, and whoever fetched
 * their link decides: the same hands did both.
 */
const askedBefore = fc
  .tuple(fc.nat(1), ask, fc.boolean(), fc.constantFrom("vouch" as const, "erase" as const))
  .map(([asker, one, isGlass, type]): readonly Step[] => {
    const plain = { machine: false, stale: false };
    const by = { who: asker, ...plain };
    const approve = { type: "decide", verb: "approve", which: 0, hash: "own" } as const;
    return [
      { type: "ask", wish: "user", n: 0, glass: false, ...by },
      { ...approve, who: 1 - asker, ...plain },
      { type: "collect", which: 0, ...by },
      { ...one, wish: "tier", glass: isGlass, who: 6, ...plain },
      { type, who: 6 },
      { ...approve, ...by },
    ];
  });
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
        { weight: 2, arbitrary: letInAndDecided },
        { weight: 3, arbitrary: askedBefore },
        { weight: 2, arbitrary: alone(collect) },
        { weight: 1, arbitrary: alone(vouch) },
        { weight: 1, arbitrary: alone(erase) },
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
  | ({ readonly type: "collect"; readonly which: number } & How)
  | { readonly type: "signIn" | "vouch" | "erase"; readonly who: number }
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
  /** Requests whose answer held what is shown once. */
  readonly #fetched = new Set<string>();

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
      case "collect": {
        const request = await this.#request(step.which);
        if (request === null) return [];
        const { requestId } = request;
        const by = world.person(step.who);
        const as = world.as(by, step);
        const answer = await answerOf(() => as.approvals.collect({ requestId }));
        return answer === null ? [] : [{ type: "collect", by: by.name, requestId }];
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
        return act === null ? [] : this.#withFetched(act);
      }
      case "signIn": {
        const person = world.person(step.who);
        await world.signIn(person);
        this.#oracle.signedIn(person.name);
        return [];
      }
      case "vouch": {
        const { userId, name } = world.person(step.who);
        return (await world.vouch(userId)) ? [{ type: "vouch", who: name }] : [];
      }
      case "erase": {
        const by = world.person(step.who);
        const as = world.as(by, { machine: false, stale: false });
        const asking = { commandId: randomUUID(), name: by.name };
        const answer = await answerOf(() => as.me.erase(asking).then(() => true));
        return answer === null ? [] : [{ type: "erase", by: by.name }];
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
    return act === null ? [] : this.#withFetched(act);
  }

  /** An answer may hold what is shown once. */
  #withFetched(act: Act): readonly Act[] {
    if (!("requestId" in act)) return [act];
    const { by, requestId } = act;
    return this.#fetched.delete(requestId) ? [act, { type: "collect", by, requestId }] : [act];
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
      if (answer?.secret != null) this.#fetched.add(requestId);
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
