import { randomBytes } from "node:crypto";

/**
 * An id that sorts by time: nine base-36 digits of epoch milliseconds, four of a counter of this
 * process, sixteen hex digits of chance.
 */
export function newId(now: number): string {
  count = (count + 1) % COUNT_END;
  const time = Math.max(0, Math.trunc(now)).toString(36).padStart(9, "0");
  return `${time}${count.toString(36).padStart(4, "0")}${randomBytes(8).toString("hex")}`;
}

const COUNT_END = 36 ** 4;
let count = 0;
