import { type Effect, JobActor } from "../jobs/job-actor.ts";
import type { JobMemory } from "../jobs/job-state.ts";
import type { JobWorld } from "../jobs/job-world.ts";
import { withNewestRuns } from "./memory-store.ts";
import type { Alert } from "../model/alert.ts";
import type { Observation, PositionedRecord } from "../model/fact.ts";
import type {
  KeptLetter,
  PartitionMark,
  Piece,
  RecentRun,
  SavedPiece,
  StoredJobState,
} from "../ports/stores.ts";
import type { Anew, FromShard, ToShard } from "../shards/messages.ts";
import { partitionsOf } from "../shards/partitions-of.ts";
import { Shard } from "../shards/shard.ts";
import type { Checks } from "./checks.ts";
import type { Life, World } from "./world.ts";

const CUT_MS = 1_000;
const IDLE_CUT_MS = 4_500;
/** Of the rounds of an idle thread, each so many-th is a full one; in the others only the clock is looked at. */
const FULL_ROUND_EVERY = 8;
/** As the main thread waits for its store: twice as long each time, up to the second, ms. */
const STORE_RETRY_MS = 100;
const STORE_RETRY_MOST_MS = 2_000;
/** Alerts are stored seldom: a crash just behind that is made so many times likelier. */
const RARE_POINT = 6;
/** Stored jobs in one message; small, so that messages end up between pages. */
const LOAD_PAGE = 10;

export interface ShardLifeOptions {
  readonly world: World;
  readonly checks: Checks;
  readonly process: Life;
  readonly index: number;
  readonly count: number;
  /** This program cannot apply such a fact. */
  readonly isDefective: (fact: Observation) => boolean;
  readonly onMessage: (message: FromShard) => void;
  readonly onMark: () => void;
  /** Alerts that a piece changed, as they are stored. */
  readonly onAlerts: (alerts: readonly Alert[]) => void;
}

/** The real actor in a program that cannot apply some facts. */
class FragileActor extends JobActor {
  readonly #isDefective: (fact: Observation) => boolean;

  constructor(
    partition: number,
    memory: JobMemory,
    world: JobWorld,
    isDefective: (fact: Observation) => boolean,
  ) {
    super(partition, memory, world);
    this.#isDefective = isDefective;
  }

  override apply(fact: Observation, record: PositionedRecord): Effect {
    if (this.#isDefective(fact)) throw new Error("a defect of this program");
    return super.apply(fact, record);
  }
}

/** One shard from its claim to its death: the thread and the main thread's end of it. */
export class ShardLife implements Life {
  alive = true;
  /** Replaced by another one, and does not know. */
  zombie = false;
  mark = 0;
  endAtStart = 0;
  caughtUp = false;
  stopped = false;
  shard: Shard;
  readonly #options: ShardLifeOptions;
  readonly #channel: string;
  #stepping = false;
  #atOnce = false;
  #cutAt = Number.POSITIVE_INFINITY;
  /** Since the last full round nothing was heard, and nothing was there to say, to read or to save. */
  #idle = false;
  #idleRounds = 0;

  constructor(options: ShardLifeOptions, name: string) {
    this.#options = options;
    this.#channel = name;
    this.shard = this.#newShard();
  }

  /** Claims its partitions, loads their jobs and begins; all of it again while the store is away. */
  start(attempt: number = 0): void {
    if (!this.alive) return;
    const { world, process, index, count, checks } = this.#options;
    const partitions = partitionsOf(index, count);
    const again = () =>
      world.later(this, pauseMs(attempt), "claim again", () => this.start(attempt + 1));
    if (attempt > 0) this.tell({ type: "anew" });
    world.callStore(
      process,
      `${this.#channel} claims`,
      () => {
        const claimed = world.store.claim(partitions);
        checks.claimed(partitions, claimed.term);
        return claimed;
      },
      ({ term, marks }) => this.#load(partitions, () => this.#begin(term, marks), again),
      again,
    );
  }

  tell(message: ToShard | Anew): void {
    const { world } = this.#options;
    world.message(this, `to ${this.#channel}`, `${this.#channel} is told ${message.type}`, () => {
      this.#idle = false;
      if (message.type === "anew") this.shard = this.#newShard();
      else this.shard.receive(message);
      this.#read();
      this.#cutWithin(CUT_MS);
    });
  }

  /** Judges what is due now, and shows it at once: a thread's own tick would come within its interval. */
  judgeNow(): void {
    this.#atOnce = true;
    this.shard.tick();
    this.shard.beginCut();
    this.#atOnce = false;
  }

  die(): void {
    this.alive = false;
  }

  #newShard(): Shard {
    const { world, index, count, isDefective } = this.#options;
    return new Shard({
      index,
      count,
      reader: world.log.reader(),
      clock: { now: () => world.wall() },
      makeActor: (partition, memory, known) =>
        new FragileActor(partition, memory, known, isDefective),
      send: (message) => this.#fromShard(message),
    });
  }

  #load(partitions: readonly number[], done: () => void, again: () => void): void {
    const { world } = this.#options;
    const { store } = world;
    const letters = () =>
      this.#pages(
        "letters",
        (after: KeptLetter | null) => store.loadLetters(partitions, after, LOAD_PAGE),
        (page) => this.tell({ type: "letters", letters: page }),
        { done, again },
      );
    const recent = () =>
      this.#pages(
        "recent runs",
        (after: RecentRun | null) => store.recentRuns(partitions, world.wall(), after, LOAD_PAGE),
        (page) => this.tell({ type: "recent", runs: page }),
        { done: letters, again },
      );
    this.#pages(
      "jobs",
      (after: StoredJobState | null) =>
        store
          .loadStates(partitions, after?.job.jobId ?? null, LOAD_PAGE)
          .map((stored) => withNewestRuns(store, stored)),
      (states) => this.tell({ type: "load", states }),
      { done: recent, again },
    );
  }

  /** Reads page by page, each a store call of its own. */
  #pages<T>(
    what: string,
    read: (after: T | null) => readonly T[],
    use: (page: readonly T[]) => void,
    then: { readonly done: () => void; readonly again: () => void },
    after: T | null = null,
  ): void {
    if (!this.alive) return;
    const { world, process } = this.#options;
    world.callStore(
      process,
      `${this.#channel} loads ${what}`,
      () => read(after),
      (page) => {
        if (page.length > 0) use(page);
        const last = page.at(-1);
        if (page.length < LOAD_PAGE || last === undefined) then.done();
        else this.#pages(what, read, use, then, last);
      },
      then.again,
    );
  }

  #begin(term: number, marks: readonly PartitionMark[]): void {
    if (!this.alive) return;
    const { world, checks } = this.#options;
    this.mark = Math.min(...marks.map((mark) => mark.position));
    const blind = checks.storeIsBehind(marks);
    if (blind !== null) this.tell({ type: "blind", intervals: [blind] });
    this.endAtStart = world.log.end;
    this.tell({ type: "start", term, marks, end: this.endAtStart });
    this.tell({ type: "end", end: world.log.end });
  }

  #read(): void {
    if (this.#stepping) return;
    this.#stepping = true;
    this.#options.world.later(this, 0, `${this.#channel} steps`, () => {
      this.#stepping = false;
      this.#idle = false;
      if (this.shard.step()) this.#read();
    });
  }

  /** The thread's timers, slower while there is nothing to do. */
  #cutWithin(delayMs: number): void {
    const { world } = this.#options;
    const at = world.timeline.now + delayMs;
    if (this.#cutAt <= at) return;
    this.#cutAt = at;
    world.later(this, delayMs, "", this.#round);
  }

  readonly #round = (): void => {
    // A later round was asked for before this one.
    if (this.#options.world.timeline.now < this.#cutAt) return;
    this.#cutAt = Number.POSITIVE_INFINITY;
    this.#idleRounds += 1;
    if (this.#idle && this.#idleRounds % FULL_ROUND_EVERY !== 0) {
      this.shard.tick();
      this.#cutWithin(this.#idle ? IDLE_CUT_MS : CUT_MS);
    } else this.#fullRound();
    // No message, and as good a moment for a fault.
    if (this.#idle) this.#options.world.afterMessage();
  };

  #fullRound(): void {
    this.#idle = true;
    this.shard.beginCut();
    this.shard.tick();
    const { stats } = this.shard;
    this.#options.checks.shard(stats);
    if (stats.unsavedJobs > 0 || this.mark < stats.position) {
      this.#idle = false;
      this.#read();
      this.#cutWithin(CUT_MS);
      return;
    }
    // What the step does is most often nothing: then it is no event of its own.
    if (!this.#stepping && this.shard.step()) this.#read();
    if (this.#stepping || this.shard.rowsWaitMs !== null) this.#idle = false;
    this.#cutWithin(IDLE_CUT_MS);
  }

  #fromShard(message: FromShard): void {
    const { world, onMessage, process } = this.#options;
    this.#idle = false;
    if (this.#atOnce && message.type === "rows") {
      if (this.alive && !this.zombie) onMessage(message);
      return;
    }
    world.message(
      process,
      `from ${this.#channel}`,
      `main hears ${message.type} of ${this.#channel}`,
      () => {
        if (message.type === "piece") this.#save(message.piece);
        if (message.type === "lost") this.die();
        if (!this.alive || this.zombie) return;
        if (message.type === "caught-up") this.caughtUp = true;
        if (message.type === "stopped") this.stopped = true;
        onMessage(message);
      },
    );
  }

  /** Sends a piece until the store has an opinion on it: written again it changes nothing. */
  #save(piece: Piece, attempt: number = 0): void {
    const { world, process, checks, onMark, onAlerts } = this.#options;
    checks.piece(piece);
    world.callStore(
      process,
      `a piece of ${this.#channel} (${piece.units.length} units${piece.mark === null ? "" : `, mark ${piece.mark.position}`})`,
      () => {
        const saved = checks.saving(piece, () => world.store.save(piece));
        if (saved.alerts !== undefined) world.crashPoint("after alerts were stored", RARE_POINT);
        return saved;
      },
      (saved: SavedPiece) => {
        if (piece.mark !== null && saved.lostPartitions.length === 0) {
          this.mark = piece.mark.position;
          if (this.alive && !this.zombie) onMark();
        }
        this.tell({ type: "saved", saved });
        if (saved.alerts !== undefined) onAlerts(saved.alerts);
      },
      (error) => {
        if ((error as { code?: string }).code !== "refused") {
          world.later(this, pauseMs(attempt), "", () => this.#save(piece, attempt + 1));
          return;
        }
        checks.refused(piece);
        this.tell({ type: "save-failed", message: error.message, refused: true });
      },
    );
  }
}

function pauseMs(attempt: number): number {
  return Math.min(STORE_RETRY_MS * 2 ** Math.min(attempt, 10), STORE_RETRY_MOST_MS);
}
