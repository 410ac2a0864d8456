import type { RunState } from "../model/run.ts";
import type { RunDigest } from "./run-digest.ts";

const LETTER: Readonly<Record<RunState, string>> = {
  scheduled: "w",
  late: "l",
  running: "r",
  stalled: "h",
  recovering: "c",
  succeeded: "s",
  failed: "f",
  stopped: "t",
  unknown: "u",
};
const STATE: ReadonlyMap<string, RunState> = new Map(
  (Object.keys(LETTER) as RunState[]).map((state) => [LETTER[state], state]),
);
const NONE = "-";
const SAME = "=";

/**
 * Digests as one text, a line each: a fifth of what they take as objects, a quarter of their JSON. Neither ids nor instance
 * keys hold spaces. A line has the run's id, its state, and in milliseconds: where it is ordered, counted back from the line
 * before, and from there on its nominal time, its duration, and its last fact, which mostly is its end. A run that is an
 * instance by itself leaves its instance out.
 */
export function packDigests(digests: readonly RunDigest[]): string {
  return digests.map((one, at) => lineOf(one, digests[at - 1]?.orderedAt ?? 0)).join("\n");
}

export function unpackDigests(text: string): RunDigest[] {
  const digests: RunDigest[] = [];
  let before = 0;
  for (const line of text === "" ? [] : text.split("\n")) {
    const digest = digestOf(line, before);
    before = digest.orderedAt;
    digests.push(digest);
  }
  return digests;
}

/** Whether the text has a line of this run, without reading the others. */
export function hasDigest(text: string, executionId: string): boolean {
  return text.startsWith(`${executionId} `) || text.includes(`\n${executionId} `);
}

function lineOf(digest: RunDigest, before: number): string {
  const { executionId, instanceKey, orderedAt, nominalAt, lastFactAt, state, durationMs } = digest;
  const ordered = before === 0 ? orderedAt : before - orderedAt;
  const nominal = nominalAt === null ? NONE : nominalAt - orderedAt;
  const last = lastFactAt - orderedAt === durationMs ? SAME : lastFactAt - orderedAt;
  const instance = instanceKey === `run:${executionId}` ? "" : ` ${instanceKey}`;
  return `${executionId} ${LETTER[state]} ${ordered} ${nominal} ${durationMs ?? NONE} ${last}${instance}`;
}

function digestOf(line: string, before: number): RunDigest {
  const [executionId = "", letter = "", ordered, nominal, duration, last, instance] =
    line.split(" ");
  const orderedAt = before === 0 ? Number(ordered) : before - Number(ordered);
  return {
    executionId,
    instanceKey: instance ?? `run:${executionId}`,
    orderedAt,
    nominalAt: nominal === NONE ? null : orderedAt + Number(nominal),
    lastFactAt: orderedAt + Number(last === SAME ? duration : last),
    state: STATE.get(letter) ?? "unknown",
    durationMs: duration === NONE ? null : Number(duration),
  };
}
