import { Board } from "../board/board.ts";
import { admit } from "../contracts/admit.ts";
import type { Observation } from "../model/fact.ts";
import type { Source } from "../model/job.ts";
import type { FromShard } from "../shards/messages.ts";
import type { Checks } from "./checks.ts";
import { IncidentLife } from "./incident-life.ts";
import type { Request } from "./producer.ts";
import { ShardLife } from "./shard-life.ts";
import type { Life, World } from "./world.ts";

const EXPIRE_MS = 60_000;
/** A source that goes on talking is mentioned to the shards this often. */
const CONTACT_EVERY_MS = 10_000;

/** The main thread: sockets, board, shards. Everything in it is lost when it dies. */
export class ProcessLife implements Life {
  alive = true;
  readonly board: Board;
  readonly shards: ShardLife[];
  readonly incidents: IncidentLife;
  /** Latest time its clock ever showed: rows may have left the board by it. */
  latestWall = 0;
  readonly #world: World;
  readonly #checks: Checks;
  readonly #isDefective: (fact: Observation) => boolean;
  #lives = 0;
  readonly #former: ShardLife[] = [];
  readonly #contactAt = new Map<string, number>();

  constructor(
    world: World,
    checks: Checks,
    shards: number,
    isDefective: (fact: Observation) => boolean,
    epoch: string,
  ) {
    this.#world = world;
    this.#checks = checks;
    this.#isDefective = isDefective;
    this.board = new Board(epoch);
    this.incidents = new IncidentLife(world, this, epoch);
    this.shards = Array.from({ length: shards }, (_, index) => this.#shard(index, shards));
  }

  start(): void {
    for (const shard of this.shards) shard.start();
    this.incidents.start();
    this.#expire();
  }

  get live(): boolean {
    return this.shards.every((shard) => shard.caughtUp);
  }

  /** One request: admitted, made durable, and only then answered. */
  take(source: Source, { contract, bytes }: Request, answer: (status: number) => void): void {
    const world = this.#world;
    const { records, reply } = admit({
      contract,
      bytes,
      contentType: "application/json",
      source,
      receivedAt: world.wall(),
    });
    if (records.length === 0) {
      answer(reply.status);
      return;
    }
    world.append(
      this,
      records,
      (added) => {
        this.#checks.acknowledged(added);
        answer(reply.status);
        this.#heardOf(source.sourceId);
        for (const shard of this.shards) shard.tell({ type: "end", end: world.log.end });
      },
      () => answer(503),
    );
  }

  /** A new shard takes the partitions of this one; a hung one lives on and does not know. */
  replace(index: number, hung: boolean): void {
    const old = this.shards[index];
    if (old === undefined) return;
    if (hung) old.zombie = true;
    else old.die();
    this.#former.push(old);
    const next = this.#shard(index, this.shards.length);
    this.shards[index] = next;
    this.#world.later(next, 200, `shard ${index} is replaced`, () => next.start());
  }

  /** Everything up to `end` is read, saved and known to be. */
  isClean(end: number): boolean {
    return this.shards.every(({ shard, mark }) => {
      const { position, unsavedJobs } = shard.stats;
      return position >= end && unsavedJobs === 0 && mark >= end;
    });
  }

  stop(): void {
    for (const shard of this.shards) shard.tell({ type: "stop" });
  }

  die(): void {
    this.alive = false;
    for (const shard of [...this.shards, ...this.#former]) shard.die();
  }

  #heardOf(sourceId: string): void {
    const now = this.#world.timeline.now;
    if (now < (this.#contactAt.get(sourceId) ?? 0) + CONTACT_EVERY_MS) return;
    this.#contactAt.set(sourceId, now);
    const at = this.#world.wall();
    for (const shard of this.shards) shard.tell({ type: "contact", sourceId, at });
  }

  #shard(index: number, count: number): ShardLife {
    this.#lives += 1;
    return new ShardLife(
      {
        world: this.#world,
        checks: this.#checks,
        process: this,
        index,
        count,
        isDefective: this.#isDefective,
        onMessage: (message) => this.#hear(message, index),
        onMark: () => this.#truncate(),
        onAlerts: (alerts) => this.incidents.take(alerts),
      },
      `shard ${index}/${count}.${this.#lives}`,
    );
  }

  #hear(message: FromShard, index: number): void {
    if (message.type === "rows") this.board.apply(message.rows, this.#world.wall());
    if (message.type === "caught-up") {
      this.#checks.caughtUp(message.stats, this.shards[index]?.endAtStart ?? 0);
      // A crash may have come between a mark and the truncation up to it.
      this.#truncate();
    }
    if (message.type === "stopped") this.#truncate();
    if (message.type === "lost") this.replace(index, false);
  }

  #truncate(): void {
    const mark = Math.min(...this.shards.map((shard) => shard.mark));
    this.#world.message(this, "log", `log truncates to ${mark}`, () => {
      this.#checks.truncated(this.#world.log.truncate(mark));
    });
  }

  #expire(): void {
    this.latestWall = Math.max(this.latestWall, this.#world.wall());
    this.board.expire(this.#world.wall());
    this.#world.later(this, EXPIRE_MS, "", () => this.#expire());
  }
}
