import { describe, expect, it } from "vitest";
import type { JournalReader } from "../ports/partition-log.ts";
import { fact, MINUTE, SECOND, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

/** A journal whose reads fail with `code` while one is set. */
class AwayWorld extends World {
  code: string | null = null;
  reads = 0;
  override get reader(): JournalReader {
    const { readAfter, ...rest } = super.reader;
    return {
      ...rest,
      readAfter: (...range) => {
        this.reads += 1;
        if (this.code !== null) throw Object.assign(new Error("no disk"), { code: this.code });
        return readAfter(...range);
      },
    };
  }
}

describe("a journal that cannot be read", () => {
  it.each(["SQLITE_IOERR_READ", "SQLITE_IOERR", "SQLITE_BUSY_SNAPSHOT", "SQLITE_CANTOPEN"])(
    "[SUP-10] for now (%s) is tried once a second, said, and read on where it was left",
    (code) => {
      const world = new AwayWorld();
      world.at(T0, fact("1", "scheduled", 0), fact("2", "started", 0));
      world.code = code;
      world.at(T0 + MINUTE, fact("1", "started", MINUTE));
      const { reads } = world;
      for (let second = 1; second <= 30; second += 1) {
        world.shard.beginCut();
        expect(world.shard.step()).toBe(false);
        expect(world.shard.step()).toBe(false);
        expect(world.shard.stats).toMatchObject({ journalTrouble: code, position: 2 });
      }
      expect(world.reads - reads).toBe(30);
      // Its start waits unread: that run is not late, however long the volume is away [CLOCK-2].
      world.tickTo(T0 + 30 * MINUTE, SECOND);
      expect(world.row("load", "1").state).toBe("scheduled");
      // What was read before goes on being saved.
      world.settle();
      expect([...world.runs.values()].map(({ state }) => state)).toEqual(["scheduled", "running"]);
      world.code = null;
      world.shard.beginCut();
      while (world.shard.step());
      expect(world.shard.stats).toMatchObject({ journalTrouble: null, position: 3 });
      expect(world.row("load", "1").state).toBe("running");
    },
  );

  it.each(["SQLITE_CORRUPT", "record_version", "closed"])(
    "ends the shard where another try changes nothing (%s)",
    (code) => {
      const world = new AwayWorld();
      world.code = code;
      expect(() => world.at(T0, fact("1", "started", 0))).toThrow("no disk");
    },
  );
});
