import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IncidentChange, type IncidentStore, SERVICE_TEAM_ID } from "@batchwatch/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CANARY_TARGET } from "./canary.ts";
import { type CrashPoint, crashPoints } from "./crash-points.ts";
import { testNotification } from "./test-notifications.ts";

/** What happened, in order; the process's own end is only noted: `page.test.ts` has real ones. */
let happened: string[];
let folder: string;
beforeEach(() => {
  happened = [];
  folder = mkdtempSync(join(tmpdir(), "batchwatch-crash-"));
  vi.spyOn(process, "kill").mockImplementation((pid, signal) => {
    happened.push(`${pid === process.pid ? "we" : "somebody"} end by ${String(signal)}`);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const ENDED = "we end by SIGKILL";
const setPoint = (point: CrashPoint) => writeFileSync(join(folder, `crash.${point}`), "");
const points = () =>
  crashPoints(folder, {
    incidents: {
      commit: async () => {
        happened.push("committed");
        return ["done"];
      },
      open: async () => [],
    } as unknown as IncidentStore,
  });
const change = (teamId: string) => [{ incident: { teamId } } as unknown as IncidentChange];

describe("a place where a test ends the process", () => {
  it.each([
    ["before-commit", [ENDED, "committed"]],
    ["after-commit", ["committed", ENDED]],
  ] as const)("%s ends it once, there", async (point, order) => {
    setPoint(point);
    const { incidents } = points();
    await incidents.commit(change("payments"));
    await incidents.commit(change("payments"));
    expect(happened).toEqual([...order, "committed"]);
    expect(existsSync(join(folder, `crash.${point}`))).toBe(false);
  });

  it.each([
    ["after-send", [ENDED]],
    ["before-mark", [ENDED]],
  ] as const)("%s ends it once, there", async (point, order) => {
    setPoint(point);
    const { hooks } = points();
    await hooks.afterSend?.(testNotification());
    await hooks.beforeMark?.();
    await hooks.afterSend?.(testNotification());
    expect(happened).toEqual(order);
  });

  it("lets the canary's own pages pass, and everything else of the store", async () => {
    for (const point of ["before-commit", "after-commit", "after-send", "before-mark"] as const) {
      setPoint(point);
    }
    const { incidents, hooks } = points();
    await incidents.commit(change(SERVICE_TEAM_ID));
    await hooks.afterSend?.({ ...testNotification(), targetId: CANARY_TARGET });
    await hooks.beforeMark?.();
    expect(await incidents.open(1)).toEqual([]);
    expect(happened).toEqual(["committed"]);
  });
});
