import { BenchError } from "./bench-error.ts";
import type { Child } from "./child-process.ts";

/** The next message of a child process. @throws {BenchError} when it ends or takes too long */
export function nextMessage<T>(child: Child, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(late);
      child.process.off("message", heard);
      child.process.off("exit", gone);
    };
    const late = setTimeout(() => {
      settle();
      reject(new BenchError("timeout", `A child process said nothing for ${timeoutMs} ms.`));
    }, timeoutMs);
    const heard = (message: unknown): void => {
      settle();
      resolve(message as T);
    };
    const gone = (): void => {
      settle();
      reject(new BenchError("child_failed", `A child process ended:\n${child.output}`));
    };
    child.process.once("message", heard);
    child.process.once("exit", gone);
  });
}
