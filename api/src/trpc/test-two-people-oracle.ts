import { LIMITS, type Role } from "@batchwatch/engine";
import type { Protected } from "./test-two-people.ts";

/** What a request would make: protected thing → its value; null: it is not there any more. */
export type Effect = Readonly<Record<string, string | null>>;

/** A call of one step that was answered without an error, as the test that made it knows it. `by`: a person's name. */
export type Act =
  | {
      readonly type: "ask";
      readonly by: string;
      readonly requestId: string;
      readonly effect: Effect;
      readonly glass: boolean;
    }
  | { readonly type: "approve"; readonly by: string; readonly requestId: string }
  /** The new user's sign-in link was fetched: from now on `by` could be in their place. */
  | { readonly type: "collect"; readonly by: string; readonly requestId: string }
  /** The host gave them a way in that nobody else has. */
  | { readonly type: "vouch"; readonly who: string }
  /** They had their own data erased, and with it themselves. */
  | { readonly type: "erase"; readonly by: string };

/** How often something happened that is worth having happened. */
export type Tally = Record<
  "twoPeople" | "setup" | "glass" | "takenBack" | "letIn" | "vouched" | "erased",
  number
>;

/** Nothing of it seen yet. */
export const noTally = (): Tally => ({
  twoPeople: 0,
  setup: 0,
  glass: 0,
  takenBack: 0,
  letIn: 0,
  vouched: 0,
  erased: 0,
});

interface Known {
  readonly by: string;
  /** Who could have asked for it, at that time. */
  readonly hands: string;
  readonly effect: Effect;
  /** What stood before it, of what it has changed. */
  readonly undo: Record<string, string | null>;
}
interface Glass {
  readonly by: string;
  readonly value: string | null;
  readonly before: string | null;
  readonly until: number;
}

const BOTH: ReadonlySet<string> = new Set<Role>(["administrator", "operations-manager"]);
const DECIDERS: ReadonlySet<string> = new Set<Role>([...(BOTH as Set<Role>), "team-lead"]);

/**
 * Four eyes, said a second time and without the store: it knows only who called what, what was asked for, and the clock. Names people by their
 * name, which nobody changes here.
 */
export class Oracle {
  readonly #requests = new Map<string, Known>();
  readonly #glass = new Map<string, Glass>();
  readonly #signedIn = new Set<string>();
  /** Whoever got in, under this name, since they were added. */
  readonly #in = new Set<string>();
  /** Name → who could be in their place. */
  readonly #hands = new Map<string, string>();
  /** How many of a name there were before: whoever is added under it again is another person. */
  readonly #former = new Map<string, number>();
  readonly #setupUntil: number;
  readonly tally: Tally = noTally();
  #setupOver = false;
  #things: Protected;

  constructor(things: Protected, createdAt: number) {
    this.#things = things;
    this.#setupUntil = createdAt + LIMITS.setupMs;
  }

  signedIn(name: string): void {
    this.#signedIn.add(name);
    this.#in.add(name);
  }

  asked(requestId: string, by: string, effect: Effect): void {
    if (this.#requests.has(requestId)) return;
    this.#requests.set(requestId, { by, hands: this.#handsOf(by), effect, undo: {} });
  }

  /** What taking this request back would make. */
  undoOf(requestId: string): Effect {
    return { ...this.#requests.get(requestId)?.undo };
  }

  /** What went wrong in this step; null: nothing. @param ends whether what is over has been looked for since */
  judge(acts: readonly Act[], things: Protected, now: number, ends: boolean): string | null {
    const before = this.#things;
    const setup = this.#setupHolds(now);
    const keys = new Set([...Object.keys(before), ...Object.keys(things)]);
    for (const act of acts) this.#approved(act);
    for (const act of acts) {
      const wrong = this.#collected(act);
      if (wrong !== null) return wrong;
    }
    for (const key of keys) {
      const [was, is] = [before[key] ?? null, things[key] ?? null];
      if (was === is) continue;
      if (this.#isRight(acts, { key, was, is }, now, setup)) continue;
      return `${key} went from ${was} to ${is} by ${JSON.stringify(acts)}`;
    }
    for (const act of acts) this.#vouched(act);
    for (const key of keys) {
      if (!(key in things) && key.startsWith("user.")) this.#gone(key.slice(5));
    }
    this.#things = things;
    for (const [key, glass] of this.#glass) {
      if (!(`user.${glass.by}` in things) && (things[key] ?? null) === glass.value) {
        return `${key} is still ${glass.value}, although ${glass.by}, who broke glass, is gone`;
      }
    }
    if (!ends) return null;
    for (const [key, glass] of this.#glass) {
      if (now >= glass.until && (things[key] ?? null) === glass.value) {
        return `${key} is still ${glass.value}, 2 h after ${glass.by} broke glass`;
      }
    }
    return null;
  }

  #isRight(
    acts: readonly Act[],
    {
      key,
      was,
      is,
    }: { readonly key: string; readonly was: string | null; readonly is: string | null },
    now: number,
    setup: boolean,
  ): boolean {
    const done = (how: keyof Tally, act: Act | null): true => {
      this.tally[how] += 1;
      const request =
        act === null || !("requestId" in act) ? undefined : this.#requests.get(act.requestId);
      if (request !== undefined) request.undo[key] ??= was;
      return true;
    };
    const glass = this.#glass.get(key);
    this.#glass.delete(key);
    const pair = acts.find((act) => this.#isTwoPeople(act, key, is));
    if (pair !== undefined) return done("twoPeople", pair);
    const own = acts.find((act) => act.type === "erase" && key === `user.${act.by}`);
    if (own !== undefined && is === null) return done("erased", null);
    const asked = acts.find((act) => act.type === "ask" && makes(act.effect, key, is));
    if (asked?.type === "ask" && setup) return done("setup", asked);
    if (asked?.type === "ask" && asked.glass && BOTH.has(this.#roleOf(asked.by))) {
      const until = now + LIMITS.breakGlassMs;
      this.#glass.set(key, { by: asked.by, value: is, before: was, until });
      return done("glass", asked);
    }
    return glass !== undefined && glass.before === is && done("takenBack", null);
  }

  #setupHolds(now: number): boolean {
    const approvers = [...this.#signedIn].filter((name) => BOTH.has(this.#roleOf(name)));
    if (new Set(approvers.map((name) => this.#handsOf(name))).size >= 2 || now >= this.#setupUntil)
      this.#setupOver = true;
    return !this.#setupOver;
  }

  #isTwoPeople(act: Act, key: string, value: string | null): boolean {
    if (act.type !== "approve") return false;
    const request = this.#requests.get(act.requestId);
    if (request === undefined || this.#isSame(request, act.by)) return false;
    return DECIDERS.has(this.#roleOf(act.by)) && makes(request.effect, key, value);
  }

  /** What stood on one person's word stands on two now. */
  #approved(act: Act): void {
    if (act.type !== "approve") return;
    const request = this.#requests.get(act.requestId);
    if (request === undefined || this.#isSame(request, act.by)) return;
    for (const [key, value] of Object.entries(request.effect)) {
      const glass = this.#glass.get(key);
      if (glass?.by === request.by && glass.value === value) this.#glass.delete(key);
    }
  }

  /** A link of somebody who is in already lets a second person into their account. */
  #collected(act: Act): string | null {
    if (act.type !== "collect") return null;
    for (const key of Object.keys(this.#requests.get(act.requestId)?.effect ?? {})) {
      if (!key.startsWith("user.")) continue;
      const name = key.slice(5);
      if (this.#in.has(name)) return `${act.by} fetched a link of ${name}, who went from out to in`;
      this.#hands.set(name, this.#handsOf(act.by));
      this.tally.letIn += 1;
    }
    return null;
  }

  /** From now on they act with their own hands; what was asked under their name before is still of the others'. */
  #vouched(act: Act): void {
    if (act.type !== "vouch" || !this.#hands.delete(act.who)) return;
    this.tally.vouched += 1;
  }

  #gone(name: string): void {
    this.#in.delete(name);
    this.#signedIn.delete(name);
    this.#hands.delete(name);
    this.#former.set(name, (this.#former.get(name) ?? 0) + 1);
  }

  /** Whether the person who could have asked for it could act under this name now. */
  #isSame(request: Known, name: string): boolean {
    return request.by === name || request.hands === this.#handsOf(name);
  }

  /** The person who could act under this name. */
  #handsOf(name: string): string {
    return this.#hands.get(name) ?? `${name} ${this.#former.get(name) ?? 0}`;
  }

  #roleOf(name: string): string {
    return this.#things[`user.${name}`]?.split(":")[0] ?? "";
  }
}

function makes(effect: Effect, key: string, value: string | null): boolean {
  return key in effect && effect[key] === value;
}
