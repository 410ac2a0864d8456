import { BenchError } from "../bench-error.ts";
import { Child } from "../child-process.ts";
import { nextMessage } from "../next-message.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { PATHS } from "../paths.ts";
import type { FromContender, ContenderRequest, ToContender } from "./messages.ts";

/** A contender in a process of its own; it works only when asked. */
export class ContenderChild {
  readonly name: string;
  readonly #child: Child;
  facts = 0;
  ms = 0;

  private constructor(name: string, child: Child) {
    this.name = name;
    this.#child = child;
  }

  static async start(request: ContenderRequest): Promise<ContenderChild> {
    const args = [PATHS.child("contender"), JSON.stringify(request)];
    const child = new Child(process.execPath, args, { messages: true });
    const started = new ContenderChild(request.name, child);
    await nextMessage<FromContender>(child, BENCH_OPTIONS.roundTimeoutMs);
    return started;
  }

  get factsPerSecond(): number {
    return (this.facts * 1_000) / this.ms;
  }

  /** Applies what is new, so many facts. @param counted whether they count into the rate */
  async round(facts: number, counted: boolean): Promise<void> {
    const answer = await this.#ask({ type: "round" });
    if (answer.type !== "applied") throw this.#unexpected(answer);
    if (!counted) return;
    this.facts += facts;
    this.ms += answer.ms;
  }

  async outcome(): Promise<{ readonly digest: string; readonly facts: number }> {
    const answer = await this.#ask({ type: "last" });
    if (answer.type !== "outcome") throw this.#unexpected(answer);
    return answer;
  }

  async stop(): Promise<void> {
    await this.#child.stop();
  }

  #ask(message: ToContender): Promise<FromContender> {
    const answer = nextMessage<FromContender>(this.#child, BENCH_OPTIONS.roundTimeoutMs);
    this.#child.process.send(message);
    return answer;
  }

  #unexpected(answer: FromContender): BenchError {
    return new BenchError("child_failed", `${this.name} answered ${answer.type}.`);
  }
}
