import { expect, test } from "vitest";
import type { Logger } from "../logger.ts";
import { Truncator } from "./truncator.ts";

const ignore = () => {};
const logger: Logger = { info: ignore, warn: ignore, error: ignore, fatal: ignore };

test("a mark that moves while a truncation is under way is truncated to as well, without another word", async () => {
  const truncated: number[] = [];
  let mark = 5;
  const log = {
    truncate: async (position: number) => {
      truncated.push(position);
      mark = Math.max(mark, 9);
    },
  };
  const truncator = new Truncator({ log, mark: () => mark, logger });
  await Promise.all([truncator.run(), truncator.run()]);
  expect(truncated).toEqual([5, 9]);
});

test("what could not be truncated is tried again with the next mark", async () => {
  const truncated: number[] = [];
  const log = {
    truncate: async (position: number) => {
      truncated.push(position);
      if (truncated.length === 1)
        throw Object.assign(new Error("full"), { code: "journal_failed" });
    },
  };
  const truncator = new Truncator({ log, mark: () => 5, logger });
  await truncator.run();
  await truncator.run();
  expect(truncated).toEqual([5, 5]);
});
