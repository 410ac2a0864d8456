/** Events of one run: one start, so much progress, one end: 1 % transitions. */
const PROGRESS_PER_RUN = 198;
const NAMESPACE = "bench";

interface OpenRun {
  readonly id: string;
  left: number;
  done: number;
}

/** What the board must show of a job's newest run. */
export interface ExpectedRun {
  readonly runId: string;
  readonly ended: boolean;
  /** Last progress sent. */
  readonly done: number;
}

/**
 * Endless runs of so many jobs, in turn. The first run of each job has a length of its own, so that ends are spread
 * evenly over time.
 */
export class Workload {
  readonly #heads: readonly string[];
  readonly #names: readonly string[];
  readonly #open: (OpenRun | null)[];
  readonly #last = new Map<string, ExpectedRun>();
  #next = 0;
  #runs = 0;

  constructor(jobs: number) {
    this.#names = Array.from({ length: jobs }, (_, job) => `job-${String(job).padStart(6, "0")}`);
    this.#heads = this.#names.map(
      (name) => `{"job":{"namespace":"${NAMESPACE}","name":"${name}"},"run":{"id":"`,
    );
    this.#open = this.#names.map(() => null);
  }

  /** The JSON text of the next events. @param now epoch milliseconds */
  next(count: number, now: number): string {
    const at = new Date(now).toISOString();
    let body = "[";
    for (let index = 0; index < count; index++) {
      body += (index === 0 ? "" : ",") + this.#event(at);
    }
    return `${body}]`;
  }

  /** Newest run of each job. */
  expected(): ReadonlyMap<string, ExpectedRun> {
    const expected = new Map(this.#last);
    for (const [job, run] of this.#open.entries()) {
      const name = this.#names[job];
      if (run !== null && name !== undefined) {
        expected.set(name, { runId: run.id, ended: false, done: run.done });
      }
    }
    return expected;
  }

  #event(at: string): string {
    const job = this.#next;
    this.#next = job + 1 === this.#names.length ? 0 : job + 1;
    const head = this.#heads[job] ?? "";
    const run = this.#open[job] ?? null;
    if (run === null) return head + this.#start(job, at);
    if (run.left === 0) {
      this.#open[job] = null;
      const last = { runId: run.id, ended: true, done: run.done };
      this.#last.set(this.#names[job] ?? "", last);
      return `${head}${run.id}"},"kind":"succeeded","at":"${at}"}`;
    }
    run.left -= 1;
    run.done += 10;
    return `${head}${run.id}"},"kind":"progress","at":"${at}","progress":{"done":${run.done},"total":2000,"unit":"rows"},"counters":{"read":${run.done},"written":${run.done}}}`;
  }

  #start(job: number, at: string): string {
    const id = `run-${String(this.#runs).padStart(9, "0")}`;
    const first = this.#runs < this.#names.length;
    this.#runs += 1;
    const left = first ? 1 + ((job * 37) % PROGRESS_PER_RUN) : PROGRESS_PER_RUN;
    this.#open[job] = { id, left, done: 0 };
    return `${id}"},"kind":"started","at":"${at}"}`;
  }
}
