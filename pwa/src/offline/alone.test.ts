import { describe, expect, it } from "vitest";
import { gathered } from "./alone.ts";

describe("gathered work", () => {
  it("runs once more for all calls made meanwhile, and after the last of them", async () => {
    const runs: boolean[] = [];
    const releases: (() => void)[] = [];
    const run = gathered(async (eager) => {
      runs.push(eager);
      await new Promise<void>((resolve) => {
        releases.push(resolve);
      });
    });
    const first = run(false);
    const second = run(false);
    const third = run(true);
    expect(runs).toEqual([false]);
    releases[0]?.();
    await expect.poll(() => runs).toEqual([false, true]);
    releases[1]?.();
    await Promise.all([first, second, third]);
    expect(runs).toEqual([false, true]);
    void run(false);
    expect(runs).toEqual([false, true, false]);
  });

  it("runs again after a failure", async () => {
    let calls = 0;
    const run = gathered(async () => {
      calls += 1;
      if (calls === 1) throw new Error("first");
    });
    await expect(run(false)).rejects.toThrow("first");
    await run(false);
    expect(calls).toBe(2);
  });
});
