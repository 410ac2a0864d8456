import { expect, test } from "vitest";
import { causeOf, codeOf, nameOf, OwnWordsError } from "./own-words.ts";

test.each([
  [new OwnWordsError("no heartbeat for 3.0 s"), "no heartbeat for 3.0 s"],
  [Object.assign(new Error("the job said so"), { code: "SQLITE_FULL" }), "SQLITE_FULL"],
  [Object.assign(new Error("x"), { code: "the job said so" }), "Error"],
  [new RangeError("the job said so"), "RangeError"],
  [{ name: "TypeError", code: null, message: "the job said so" }, "TypeError"],
  ["the job said so", "Error"],
  [null, "Error"],
])("what may be said of %o is %s", (error, cause) => {
  expect(causeOf(error)).toBe(cause);
});

test("a code is short and without spaces, a name is letters", () => {
  expect(codeOf({ code: "x".repeat(61) })).toBeNull();
  expect(codeOf({ code: 5 })).toBeNull();
  expect(nameOf({ name: "Error: the job said so" })).toBe("Error");
});
