import { describe, expect, it } from "vitest";
import { API_LIMITS } from "../options.ts";
import { JobRoom } from "./job-room.ts";

/** The two answers of the store that count here, as a list of ids that the test saves to. */
class StoredJobs {
  readonly ids = new Set<string>();
  away = false;
  idReads = 0;

  async countBySource() {
    if (this.away) throw new Error("away");
    return [{ sourceId: "src", jobs: this.ids.size }];
  }

  async idsOfSource(_sourceId: string, after: string | null) {
    if (this.away) throw new Error("away");
    this.idReads += 1;
    return [...this.ids]
      .filter((id) => id > (after ?? ""))
      .sort()
      .slice(0, 3);
  }
}

async function roomOf(limit: number, stored = 0) {
  const jobs = new StoredJobs();
  for (let index = 0; index < stored; index++) jobs.ids.add(`stored-${index}`);
  const errors: unknown[] = [];
  const room = new JobRoom({ limit, jobs, onError: (error) => errors.push(error) });
  await room.count();
  return { room, jobs, errors };
}

/** Bytes of a body that may hold this many members. */
const body = (members: number) => members * API_LIMITS.leastMemberBytes;

describe("[SUP-7] room for jobs", () => {
  it("far below the limit no fact is looked up and no id is read", async () => {
    const { room, jobs } = await roomOf(100, 50);
    expect(room.enter("src", body(50))).toBeUndefined();
    room.leave("src", body(50), ["new-1", "new-2"]);
    expect(room.enter("src", body(48))).toBeUndefined();
    expect(room.enter("other", body(100))).toBeUndefined();
    expect(jobs.idReads).toBe(0);
  });

  it("bodies under way count as if all they may hold were new", async () => {
    const { room } = await roomOf(100, 50);
    expect(room.enter("src", body(30))).toBeUndefined();
    expect(room.enter("src", body(30))).toBeDefined();
  });

  it("near the limit new jobs are admitted up to it, and known ones always", async () => {
    const { room } = await roomOf(10, 8);
    const allowance = await room.enter("src", body(10));
    expect(allowance?.limit).toBe(10);
    const asked = ["stored-0", "new-1", "new-2", "new-3", "new-1", "stored-7"];
    expect(asked.map((id) => allowance?.admits(id))).toEqual([true, true, true, false, true, true]);
  });

  it("jobs that came in before and are not saved yet are known", async () => {
    const { room } = await roomOf(10, 5);
    expect(room.enter("src", body(3))).toBeUndefined();
    const slow = room.enter("src", body(2));
    expect(slow).toBeUndefined();
    room.leave("src", body(3), ["early-1", "early-2", "early-3"]);
    const allowance = await room.enter("src", body(5));
    room.leave("src", body(2), ["slow-1"]);
    await Promise.resolve();
    const asked = ["early-1", "early-3", "slow-1", "new-1", "new-2"];
    expect(asked.map((id) => allowance?.admits(id))).toEqual([true, true, true, true, false]);
  });

  it("a job let in that is never saved frees its place at the second count; a saved one keeps it", async () => {
    const { room, jobs } = await roomOf(10, 8);
    const allowance = await room.enter("src", body(10));
    expect(["saved", "lost"].map((id) => allowance?.admits(id))).toEqual([true, true]);
    jobs.ids.add("saved");
    await room.count();
    expect(allowance?.admits("third")).toBe(false);
    await room.count();
    expect(["third", "fourth", "saved"].map((id) => allowance?.admits(id))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("a source that is at ease again is no longer looked up", async () => {
    const { room } = await roomOf(100, 10);
    expect(room.enter("src", body(95))).toBeDefined();
    room.leave("src", body(95), []);
    await room.count();
    expect(room.enter("src", body(5))).toBeUndefined();
  });

  it("while the store does not answer nothing is refused; the next count tries again", async () => {
    const { room, jobs, errors } = await roomOf(10, 10);
    jobs.away = true;
    expect(await room.enter("src", body(1))).toBeNull();
    expect(errors).toHaveLength(1);
    jobs.away = false;
    await room.count();
    const allowance = await room.enter("src", body(1));
    expect(["stored-3", "new"].map((id) => allowance?.admits(id))).toEqual([true, false]);
  });
});
