import { expect, it } from "vitest";
import { commits, fact, MINUTE, SECOND, T0 } from "./test-facts.ts";
import { World } from "./test-world.ts";

it("[CLOCK-15, B18] no job team is paged for what our closed intake refused", () => {
  const world = new World();
  world.at(T0, fact("1", "scheduled", 0), ...commits("2", 6, 10 * SECOND));
  world.tickTo(T0 + 2 * MINUTE);
  const closed = { intervalId: "i", sourceId: null, reason: "INTAKE_CLOSED" as const };
  const tell = (until: number | null) =>
    world.shard.receive({
      type: "blind",
      intervals: [{ ...closed, from: T0 + 2 * MINUTE, until }],
    });
  tell(null);
  world.tickTo(T0 + 20 * MINUTE);
  expect(world.row("load", "1")).toMatchObject({
    state: "unknown",
    evidence: [{ code: "blind", reason: "INTAKE_CLOSED" }],
  });
  expect(world.row("load", "2").state).toBe("unknown");
  tell(T0 + 20 * MINUTE);
  world.tickTo(T0 + 20 * MINUTE + 5 * SECOND);
  const stage = { name: "read", index: 0 };
  const repeated = fact("2", "progress", 20 * MINUTE, { stage, progress: { done: 7 } });
  world.at(T0 + 20 * MINUTE + 5 * SECOND, fact("1", "started", MINUTE), repeated);
  world.tickTo(T0 + 22 * MINUTE);
  world.settle();
  expect([world.row("load", "1").state, world.row("load", "2").state]).toEqual([
    "running",
    "running",
  ]);
  expect(world.levels.filter(({ holds }) => holds)).toEqual([]);
});

it("[CLOCK-13] a clock that leapt ahead and was set back leaves nothing waiting for the time it leapt to", () => {
  const world = new World();
  world.at(T0, fact("1", "scheduled", 0), fact("2", "started", 0));
  world.tickTo(T0 + 8 * MINUTE);
  world.now = T0 + 68 * MINUTE;
  world.shard.tick();
  expect(world.row("load", "1").state).toBe("unknown");
  world.append(fact("2", "log", 8 * MINUTE));
  world.now = T0 + 9 * MINUTE;
  world.shard.tick();
  expect(world.row("load", "1").state).toBe("scheduled");
  world.tickTo(T0 + 10 * MINUTE + 60 * SECOND);
  expect(world.row("load", "1").state).toBe("late");
});
