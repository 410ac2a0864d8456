import { expect, test } from "vitest";
import { BusyError, HashSlots } from "./hash-slots.ts";

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let started = false;
  return {
    run: async () => {
      started = true;
      await ended;
    },
    end: () => end(),
    get started() {
      return started;
    },
  };
}

test("so many run, so many wait in their order, the rest are refused", async () => {
  const slots = new HashSlots(2, 2);
  const works = Array.from({ length: 4 }, work);
  const runs = works.map((one) => slots.run(one.run));
  await expect(slots.run(async () => {})).rejects.toThrow(BusyError);
  expect(works.map((one) => one.started)).toEqual([true, true, false, false]);
  works[1]?.end();
  await runs[1];
  await new Promise(setImmediate);
  expect(works.map((one) => one.started)).toEqual([true, true, true, false]);
  for (const one of works) one.end();
  await Promise.all(runs);
  expect(await slots.run(async () => "free again")).toBe("free again");
});

test("work that fails gives its place on", async () => {
  const slots = new HashSlots(1, 5);
  const failing = slots.run(() => Promise.reject(new Error("no")));
  const next = slots.run(async () => "next");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("next");
});
