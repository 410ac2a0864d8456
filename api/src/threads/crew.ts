import type { MessagePort } from "node:worker_threads";
import { LIMITS, Supervisor, type SupervisorAction, type ThreadReport } from "@batchwatch/engine";
import type { Logger } from "../logger.ts";
import { causeOf, codeOf, OwnWordsError } from "../own-words.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { ThreadLink } from "./lasting-thread.ts";
import { type Lasting, ThreadPool } from "./pool.ts";
import { within } from "../within.ts";

/** One never-ending task, and who on the main thread talks with it. */
export interface CrewMember {
  readonly name: string;
  /** File of the thread, without its ending. */
  readonly file: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** A new thread is starting; this is the port to it. */
  readonly joined: (port: MessagePort) => void;
  /** Its thread is gone, or is being ended. Nothing comes through the port any more. */
  readonly left: (cause: Error) => void;
}

export interface CrewOptions {
  readonly members: readonly CrewMember[];
  /** Heap of one thread, MiB. */
  readonly heapMb: number;
  readonly faultsDir: string | null;
  readonly logger: Logger;
  readonly onFatal: (error: Error) => void;
}

export interface NamedReport extends ThreadReport {
  readonly name: string;
}

/** Codes with which another try would end the same way, in words. */
const PERMANENT: ReadonlyMap<string, string> = new Map([
  ["schema_newer", "the store was made by a newer Batchwatch (schema_newer)"],
  ["schema_older", "the store has to be migrated first (schema_older)"],
  ["journal_newer", "the journal was written by a newer Batchwatch (journal_newer)"],
]);

/** Does what the supervisor says: spawns, watches and ends the lasting threads. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #supervisor: Supervisor;
  readonly #beats: Heartbeats;
  readonly #pool: ThreadPool;
  readonly #threads: (Lasting | null)[];
  readonly #timer: NodeJS.Timeout;
  /** Each thread's way to its end, by member. */
  readonly #tasks = new Map<string, Promise<void>>();

  constructor(options: CrewOptions) {
    this.#options = options;
    const count = options.members.length;
    this.#supervisor = new Supervisor(count);
    this.#beats = new Heartbeats(count);
    this.#pool = new ThreadPool(count, options.heapMb);
    this.#threads = options.members.map(() => null);
    this.#timer = setInterval(
      () => this.#do(this.#supervisor.tick(this.#beats.counts(), performance.now())),
      LIMITS.supervisorTickMs,
    );
  }

  start(name: string): void {
    this.#do(this.#supervisor.start(this.#slotOf(name), performance.now()));
  }

  /** The thread has opened what it needs. */
  ready(name: string): void {
    this.#supervisor.ready(this.#slotOf(name), performance.now());
  }

  reports(): readonly NamedReport[] {
    return this.#options.members.map(({ name }, slot) => ({
      name,
      ...this.#supervisor.report(slot),
    }));
  }

  /** How late each thread's event loop ran at most since this was last asked. */
  takeDelays(): readonly { readonly name: string; readonly ms: number }[] {
    return this.#options.members.map(({ name }, slot) => ({
      name,
      ms: this.#beats.takeDelayMs(slot),
    }));
  }

  /** Whether the thread works now. */
  works(name: string): boolean {
    return this.#supervisor.report(this.#slotOf(name)).phase === "running";
  }

  /** From now on nothing is replaced. */
  stop(): void {
    clearInterval(this.#timer);
    this.#supervisor.stop(performance.now());
  }

  /** Waits for these threads to end by themselves. */
  async gone(names: readonly string[], mostMs: number): Promise<void> {
    await within(
      Promise.all(names.map((name) => this.#tasks.get(name) ?? Promise.resolve())),
      mostMs,
    );
  }

  /** Waits for the threads to end by themselves, then ends them. False: one is inside a call that nothing interrupts. */
  async end(mostMs: number): Promise<boolean> {
    this.stop();
    await within(Promise.all(this.#tasks.values()), mostMs);
    return within(this.#pool.destroy(), mostMs);
  }

  #slotOf(name: string): number {
    return this.#options.members.findIndex((member) => member.name === name);
  }

  #do(actions: readonly SupervisorAction[]): void {
    for (const action of actions) {
      const member = this.#options.members[action.thread];
      if (member === undefined) continue;
      if (action.type === "spawn") this.#spawn(member, action.thread);
      else if (action.type === "end") this.#endHung(member, action.thread, action.reason);
      else this.#giveUp(member, action.reason);
    }
  }

  #spawn(member: CrewMember, slot: number): void {
    this.#beats.clear(slot);
    const { name, file, options } = member;
    const link: Omit<ThreadLink, "port"> = {
      name,
      cells: this.#beats.cells,
      slot,
      faultsDir: this.#options.faultsDir,
    };
    const thread = this.#pool.run(file, { ...options, ...link });
    this.#threads[slot] = thread;
    member.joined(thread.port);
    const task = thread.ended.then(
      () => this.#died(member, slot, thread, new OwnWordsError("it ended by itself")),
      (error: unknown) => this.#died(member, slot, thread, asError(error)),
    );
    this.#tasks.set(name, task);
  }

  #died(member: CrewMember, slot: number, thread: Lasting, cause: Error): void {
    const permanent = PERMANENT.get(codeOf(cause.cause) ?? "");
    this.#leave(member, slot, thread, cause);
    const actions = this.#supervisor.died(
      slot,
      { cause: permanent ?? deathOf(cause), permanent: permanent !== undefined },
      performance.now(),
    );
    const { phase } = this.#supervisor.report(slot);
    if (phase === "stopped") return;
    this.#options.logger.error(
      { err: cause, thread: member.name },
      "a thread died; a new one takes its place",
    );
    this.#do(actions);
  }

  #endHung(member: CrewMember, slot: number, reason: string): void {
    const { logger } = this.#options;
    const { silentMs } = this.#supervisor.report(slot);
    logger.error({ thread: member.name, silentMs }, "a thread hangs and is ended");
    const thread = this.#threads[slot] ?? null;
    const threadId = this.#beats.threadIn(slot);
    if (thread !== null) this.#leave(member, slot, thread, new OwnWordsError(reason));
    if (threadId === null) {
      // It never beat, so nobody knows which thread it is, nor whether it got one.
      thread?.abort();
      return;
    }
    this.#pool.terminate(threadId).catch((error: unknown) => {
      logger.error({ err: error, thread: member.name }, "a thread could not be ended");
    });
  }

  #leave(member: CrewMember, slot: number, thread: Lasting, cause: Error): void {
    if (this.#threads[slot] !== thread) return;
    this.#threads[slot] = null;
    thread.port.close();
    member.left(cause);
  }

  #giveUp(member: CrewMember, reason: string): void {
    this.#options.onFatal(new OwnWordsError(`The ${member.name} thread: ${reason}`));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Of what a thread threw only its code or kind is told: the words may be those of a job. */
function deathOf(error: Error): string {
  if (/^worker exited with code: \d+$/.test(error.message)) return error.message;
  return causeOf(error.cause ?? error);
}
