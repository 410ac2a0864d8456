import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { RefusalNotes } from "./refusal-notes.ts";

test("so many a minute are written; the first of the next minute tells how many were not", () => {
  const notes = new RefusalNotes();
  for (let count = 0; count < API_LIMITS.refusalsAudited; count += 1) {
    expect(notes.next(1_000)).toBe(0);
  }
  for (let count = 0; count < 500; count += 1) expect(notes.next(2_000)).toBeNull();
  expect(notes.next(61_000)).toBe(500);
  expect(notes.next(61_001)).toBe(0);
});
