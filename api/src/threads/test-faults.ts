import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { faultsDirOf } from "./faults-dir.ts";

/** How often a thread looks for a fault, ms. */
const LOOK_MS = 20;

type Fault = "throw" | "exit" | "hang" | "heap";

const FAULTS: Readonly<Record<Fault, () => void>> = {
  throw: () => {
    throw new Error("a fault of the test");
  },
  exit: () => process.exit(7),
  hang: () => {
    for (;;);
  },
  heap: () => {
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
  },
};

/**
 * Looks for the file `fault.<thread>` and does what it says: `throw`, `exit`, `hang` or `heap`.
 * A number in `fault.<thread>.boot` fails so many starts. Returns what ends the looking.
 */
export function armFaults(dir: string, thread: string): () => void {
  if (faultsDirOf(process.env, dir) === null) throw new Error("Faults are not enabled.");
  const file = join(dir, `fault.${thread}`);
  failBoot(`${file}.boot`);
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    const fault = readFileSync(file, "utf8").trim();
    rmSync(file);
    if (fault in FAULTS) FAULTS[fault as Fault]();
  }, LOOK_MS);
  return () => clearInterval(timer);
}

function failBoot(file: string): void {
  const left = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (left === 0) return;
  writeFileSync(file, String(left - 1));
  throw new Error("a boot fault of the test");
}
