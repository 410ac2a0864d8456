import type { Source } from "../model/job.ts";
import type { Dice } from "./dice.ts";
import type { ProcessLife } from "./process-life.ts";
import type { PlannedFact } from "./traffic.ts";
import type { World } from "./world.ts";

const ANSWER_WITHIN_MS = 20_000;
const MOST_MEMBERS = 20;

export interface Request {
  readonly contract: PlannedFact["contract"];
  readonly bytes: Uint8Array;
}

/** Sends what one source says, and again until it has a 2xx. */
export class Producer {
  readonly source: Source;
  silentUntil = 0;
  /** Requests without a 2xx. */
  open = 0;
  readonly #world: World;
  readonly #process: () => ProcessLife | null;
  readonly #dice: Dice;
  readonly #facts: readonly PlannedFact[];
  readonly #encoder = new TextEncoder();
  #next = 0;

  constructor(
    world: World,
    process: () => ProcessLife | null,
    source: Source,
    facts: readonly PlannedFact[],
    dice: Dice,
  ) {
    this.#world = world;
    this.#process = process;
    this.source = source;
    this.#facts = facts;
    this.#dice = dice;
  }

  get done(): boolean {
    return this.#next >= this.#facts.length && this.open === 0;
  }

  start(): void {
    const next = this.#facts[this.#next];
    if (next === undefined) return;
    const at = Math.max(next.sendAt, this.silentUntil);
    this.#world.timeline.after(at - this.#world.timeline.now, "", () => this.#sendDue());
  }

  /** Says of the next run something that a defective program cannot apply. */
  sayPoison(): void {
    const next = this.#facts[Math.min(this.#next, this.#facts.length - 1)];
    if (next === undefined || next.contract !== "native") return;
    const params = { ...(next.member["params"] as object), poison: "yes" };
    this.#send([{ ...next.member, kind: "log", params }]);
  }

  #sendDue(): void {
    const now = this.#world.timeline.now;
    const most = this.#dice.chance(0.3) ? MOST_MEMBERS : 1;
    const due: PlannedFact["member"][] = [];
    const isNote = this.#facts[this.#next]?.contract === "openlineage" && now >= this.silentUntil;
    while (now >= this.silentUntil && due.length < most) {
      const next = this.#facts[this.#next];
      if (next === undefined || next.sendAt > now + (most === 1 ? 0 : 30_000)) break;
      if (next.contract !== "native") break;
      due.push(next.member);
      this.#next += 1;
    }
    if (due.length > 0) this.#send(due);
    if (isNote) this.#sendNote();
    this.start();
  }

  #sendNote(): void {
    const note = this.#facts[this.#next];
    if (note === undefined) return;
    this.#next += 1;
    this.#request({ contract: note.contract, bytes: this.#encoded(note.member) });
  }

  #send(members: readonly PlannedFact["member"][]): void {
    this.#request({ contract: "native", bytes: this.#encoded(members) });
  }

  #encoded(body: unknown): Uint8Array {
    return this.#encoder.encode(JSON.stringify(body));
  }

  #request(request: Request): void {
    this.open += 1;
    this.#attempt(request, 1);
    if (this.#dice.chance(this.#world.scenario.rates["repeat"])) {
      this.#world.timeline.after(this.#dice.whole(0, 600_000), "", () => {
        this.open += 1;
        this.#attempt(request, 1);
      });
    }
  }

  #attempt(request: Request, attempt: number): void {
    const { timeline, scenario } = this.#world;
    let answered = false;
    const answer = (status: number) => {
      if (this.#dice.chance(scenario.rates["lost-reply"])) return;
      timeline.after(this.#dice.whole(0, 50), "", () => {
        if (answered) return;
        answered = true;
        if (status < 300) this.open -= 1;
        else this.#again(request, attempt);
      });
    };
    timeline.after(this.#dice.whole(0, 20), "", () => {
      const process = this.#process();
      if (process === null || !process.alive) return;
      if (timeline.now < this.#world.pausedUntil) return;
      if (this.#dice.chance(scenario.rates["lost-request"])) return;
      process.take(this.source, request, answer);
      this.#world.afterMessage();
    });
    timeline.after(ANSWER_WITHIN_MS, "", () => {
      if (answered) return;
      answered = true;
      this.#again(request, attempt);
    });
  }

  #again(request: Request, attempt: number): void {
    const wait = Math.min(60_000, 500 * 2 ** Math.min(attempt, 8));
    this.#world.timeline.after(this.#dice.whole(wait >> 1, wait), "", () =>
      this.#attempt(request, attempt + 1),
    );
  }
}
