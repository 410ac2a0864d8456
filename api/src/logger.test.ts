import { Writable } from "node:stream";
import { assert, anything, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { makeLogger } from "./logger.ts";
import type { LogLevel } from "./log-level.ts";
import { OwnWordsError } from "./own-words.ts";

/** What a log says in bytes, and the lines in it as a machine reads them. */
function listening(level: LogLevel = "info") {
  let text = "";
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {
    logger: makeLogger(level, sink),
    text: () => text,
    lines: () =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

const CANARY = "CANARY-7f3a91";
/** What hostile or careless senders put where a log might pick it up. */
const CORPUS: readonly string[] = [
  `${CANARY}\r\n{"level":60,"msg":"forged"}`,
  `\u001b[2J\u001b[31m${CANARY}\u001b[0m`,
  `\u001b]0;${CANARY}\u0007`,
  `\u202e${CANARY}\u202c\u2066x\u2069`,
  `\u009b31m${CANARY}`,
  `${CANARY}\u2028second line\u2029third`,
  `${CANARY}\u0000\u0008\u007f`,
  `Bearer bw_${CANARY}`,
  `password=${CANARY}`,
  `postgres://batch:${CANARY}@db.bank.example/core`,
  `4111 1111 1111 1111 ${CANARY}`,
  `${CANARY}@bank.example`,
  `at run (file:///srv/engine/dist/${CANARY}.js:1:2)`,
  `\n    at run (file:///srv/engine/dist/${CANARY}.js:1:2)`,
];

/** Every place of a call where a foreign text could stand. */
const PLACES: readonly [string, (text: string) => Record<string, unknown>][] = [
  ["an error's message", (text) => ({ err: new Error(text) })],
  ["a cause's message", (text) => ({ err: new Error("x", { cause: new Error(text) }) })],
  ["an error's code", (text) => ({ err: Object.assign(new Error("x"), { code: `${text} x` }) })],
  ["an error's name", (text) => ({ err: Object.assign(new Error("x"), { name: text }) })],
  ["a field of an error", (text) => ({ err: Object.assign(new Error("x"), { detail: text }) })],
  ["a thrown text", (text) => ({ err: text })],
  ["a field of ours", (text) => ({ thread: `${text} x`, sourceId: [text], route: text })],
  ["an unknown field", (text) => ({ jobName: text, person: { name: text } })],
  ["a secret's field", (text) => ({ password: text, authorization: text, body: { text } })],
  ["the name of a field", (text) => ({ [text]: 1 })],
  ["an inherited name", (text) => ({ constructor: text, toString: text, __proto__: { text } })],
];

describe("a log line", () => {
  it.each(PLACES)("holds nothing that stands in %s", (_place, fields) => {
    for (const text of CORPUS) {
      const log = listening();
      log.logger.error(fields(text), "something happened");
      expect(log.text()).not.toContain(CANARY);
      expect(log.lines()).toMatchObject([{ level: 50, msg: "something happened" }]);
    }
  });

  it("is one line without control characters even where its words are not ours", () => {
    for (const text of CORPUS) {
      const log = listening();
      log.logger.warn({}, text);
      expect(log.lines()).toHaveLength(1);
      expect(String(log.lines()[0]?.["msg"])).not.toMatch(
        /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u,
      );
    }
  });

  it("is one line of JSON, whatever is handed over", () => {
    assert(
      property(anything(), string(), (value, words) => {
        const log = listening();
        log.logger.info({ err: value, code: value, status: value, other: value }, words);
        expect(log.lines()).toHaveLength(1);
      }),
    );
  });

  it("counts what it left out", () => {
    const log = listening();
    log.logger.info({ thread: "shard-0", jobName: "x", position: Number.NaN, code: null }, "x");
    expect(log.lines()[0]).toMatchObject({ thread: "shard-0", code: null, dropped: 2 });
    expect(log.lines()[0]).not.toHaveProperty("jobName");
  });

  it("is written from its level on", () => {
    const quiet = listening("error");
    quiet.logger.warn({}, "a warning");
    quiet.logger.error({}, "an error");
    expect(quiet.lines().map((line) => line["msg"])).toEqual(["an error"]);
  });
});

describe("an error in a log line", () => {
  it("says its kind, its code and where in our code it was made", () => {
    const log = listening();
    log.logger.error(
      { err: Object.assign(new RangeError("secret"), { code: "SQLITE_FULL" }) },
      "x",
    );
    const [line] = log.lines();
    expect(line?.["err"]).toMatchObject({ name: "RangeError", code: "SQLITE_FULL" });
    const err = line?.["err"] as { at: string[] } | undefined;
    expect(err?.at[0]).toMatch(/^api\/src\/logger\.test\.ts:\d+:\d+$/);
  });

  it("says our own words, and the kinds of at most three causes", () => {
    const deep = [1, 2, 3, 4, 5].reduce<Error>(
      (cause, depth) => new TypeError(`x${depth}`, { cause }),
      new Error("root"),
    );
    const log = listening();
    log.logger.fatal({ err: new OwnWordsError("The store thread: died", { cause: deep }) }, "x");
    const err = log.lines()[0]?.["err"] as { words: string; causes: { name: string }[] };
    expect(err.words).toBe("The store thread: died");
    expect(err.causes.map((cause) => cause.name)).toEqual(["TypeError", "TypeError", "TypeError"]);
  });

  it("takes frames that crossed a thread only where they look like ours", () => {
    const log = listening();
    const at = ["db/dist/index.js:1:2", `db/dist/${"x".repeat(300)}.js:1:2`, CANARY, 7];
    log.logger.error({ err: new Error("x", { cause: { name: "Error", code: null, at } }) }, "x");
    const err = log.lines()[0]?.["err"] as { causes: { at: string[] }[] };
    expect(err.causes[0]?.at).toEqual(["db/dist/index.js:1:2"]);
  });
});
