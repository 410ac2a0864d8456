import { admit } from "../contracts/admit.ts";
import { joinStoredSummaries } from "../jobs/run-columns.ts";
import type { Source } from "../model/job.ts";
import type { Piece } from "../ports/stores.ts";
import type { FromShard } from "../shards/messages.ts";
import { partitionsOf } from "../shards/partitions-of.ts";
import { Shard } from "../shards/shard.ts";
import { MemoryLog } from "../simulation/memory-log.ts";
import { MemoryStore } from "../simulation/memory-store.ts";
import { nightPlan, type NightOptions } from "./night-plan.ts";
import { sampleHistory } from "./sample-history.ts";
import { sampleNight } from "./sample-night.ts";

const SECOND_MS = 1_000;
/** What is not urgent is saved this often; what alerts are made of is urgent. Rarer than live, to be quick. */
const CUT_MS = 30_000;
const MINUTE_MS = 60_000;
/** Nights before it, from which the jobs' habits are learned. */
const HISTORY_NIGHTS = 8;
/** The shard runs this long before the night opens and after its last fact, ms. */
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 10 * MINUTE_MS;

/** The sample bank's, in production and paging. */
export const NIGHT_SOURCE: Source = {
  sourceId: "s",
  name: "sample-bank",
  contract: "native",
  environment: "PROD",
  zone: "Europe/Berlin",
  newDayTime: "00:00",
  businessDateParams: ["businessDate"],
  pagingMode: "PAGING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
};

/** What a shard had saved, and when, epoch ms. */
export interface TimedPiece {
  readonly at: number;
  readonly piece: Piece;
}

/**
 * The sample night through a shard: each fact at its own time, a tick each second. Everything that it had saved, in order; the
 * history before the night comes first.
 */
export function piecesOfNight(options: NightOptions): readonly TimedPiece[] {
  const { seed, startsAt } = options;
  const night = new ShardNight(startsAt - 2 * BEFORE_MS);
  night.take(sampleHistory({ seed, nights: HISTORY_NIGHTS, before: startsAt }));
  night.passTo(startsAt - BEFORE_MS);
  for (const { at, body } of sampleNight(options)) {
    night.passTo(at);
    night.take([body]);
  }
  night.passTo(nightPlan(options).endsAt + AFTER_MS);
  return night.pieces;
}

/** A shard with journal and store in memory, whose time is the night's. */
class ShardNight {
  readonly pieces: TimedPiece[] = [];
  readonly #log = new MemoryLog();
  readonly #store = new MemoryStore(joinStoredSummaries);
  readonly #unsaved: Piece[] = [];
  readonly #shard: Shard;
  #now: number;

  constructor(now: number) {
    this.#now = now;
    this.#shard = new Shard({
      index: 0,
      count: 1,
      reader: this.#log.reader(),
      clock: { now: () => this.#now },
      send: (message) => this.#hear(message),
    });
    const { term, marks } = this.#store.claim(partitionsOf(0, 1));
    this.#shard.start(term, marks, this.#log.end);
    this.#settle();
  }

  take(bodies: readonly unknown[]): void {
    const bytes = new TextEncoder().encode(JSON.stringify(bodies));
    const { records, accepted } = admit({
      contract: "native",
      bytes,
      source: NIGHT_SOURCE,
      receivedAt: this.#now,
      contentType: "application/json",
    });
    if (accepted !== bodies.length) throw new Error("The sample is not what intake accepts.");
    this.#log.append(records);
    this.#shard.reached(this.#log.end);
    this.#settle();
  }

  passTo(at: number): void {
    while (this.#now < at) {
      const nextSecond = Math.floor(this.#now / SECOND_MS + 1) * SECOND_MS;
      this.#now = Math.min(at, nextSecond);
      this.#shard.tick();
      if (this.#now % CUT_MS === 0) this.#shard.beginCut();
      this.#settle();
    }
  }

  #hear(message: FromShard): void {
    if (message.type === "dead-letter") throw new Error(message.letter.reason);
    if (message.type === "piece") this.#unsaved.push(message.piece);
  }

  #settle(): void {
    while (this.#shard.step());
    for (let piece = this.#unsaved.shift(); piece !== undefined; piece = this.#unsaved.shift()) {
      this.pieces.push({ at: this.#now, piece });
      this.#shard.saved(this.#store.save(piece));
      while (this.#shard.step());
    }
  }
}
