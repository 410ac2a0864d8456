import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Admitted } from "./admit-types.ts";
import { admit } from "./admit.ts";
import { PlainBytes } from "./plain-bytes.ts";
import { QuickNative } from "./quick-native.ts";
import { factsOf, sampleSource } from "./test-source.ts";

const RECEIVED = Date.UTC(2026, 0, 31, 12);
const source = sampleSource({ zone: "Europe/Berlin" });
const encoder = new TextEncoder();
/** Whoever asks for every job is not read quickly (SUP-7). */
const EVERY_JOB = { limit: 1_000, admits: () => true };

function outcome(bytes: Uint8Array, quickly: boolean, contentType: string | null = null): unknown {
  const request = { contract: "native", bytes, contentType, source, receivedAt: RECEIVED } as const;
  const admitted: Admitted = admit(quickly ? request : { ...request, jobs: EVERY_JOB });
  const { reply, rejections, accepted, masked } = admitted;
  return [JSON.stringify([reply, rejections, factsOf(admitted)]), accepted, masked];
}

/** The same whichever way it is read, with its runs met and not met before. */
function expectSame(bytes: Uint8Array, contentType: string | null = null): void {
  const slowly = outcome(bytes, false, contentType);
  expect(outcome(bytes, true, contentType)).toEqual(slowly);
  expect(outcome(bytes, true, contentType)).toEqual(slowly);
}

const sample = "2026-01-31T11:59:00.000Z";
const text = fc.oneof(
  fc.constantFrom("GL", "rows", "of eve@bank.example"),
  fc.constantFrom("a}b", 'say "x"', "Zins\u00e4ufe", "4111 1111 1111 1111", "", "a\nb", "x\\"),
  fc.string({ maxLength: 6 }),
);
const number = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 7, -1, 1.5, 1e20, 4_111_111_111_111_111, 2 ** 53, 99_999_999_999_999),
);
const anything = fc.oneof(number, text, fc.constant(null), fc.constant({}), fc.jsonValue());
/** Nine times of ten as it should be: a member has many parts, and one that is not keeps it from being read quickly. */
function mostly<Value>(good: fc.Arbitrary<Value>, bad: fc.Arbitrary<unknown> = anything) {
  return fc.oneof({ arbitrary: good, weight: 9 }, bad);
}
const job = mostly(
  fc.record({ namespace: fc.constant("n"), name: fc.constantFrom("A", "B") }),
  fc.oneof(
    fc.record(
      { namespace: text, name: fc.constantFrom("A", "card 4111111111111111"), team: text },
      { requiredKeys: ["name"] },
    ),
    anything,
  ),
);
const run = mostly(
  fc.record({ id: fc.constantFrom("r1", "r2", "r}") }),
  fc.oneof(fc.record({ id: text, parent: text }), anything),
);
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });
const usual = fc
  .tuple(
    fc.record({
      job,
      run,
      kind: mostly(fc.constantFrom("started", "progress", "log"), fc.constant("finished")),
      at: mostly(fc.constantFrom(sample, "2026-01-31 12:30", RECEIVED, RECEIVED + 1e9, 5)),
    }),
    some({
      progress: mostly(some({ done: number, total: number, unit: text })),
      counters: mostly(fc.dictionary(fc.constantFrom("read", "written"), number)),
      message: mostly(text),
    }),
    fc.oneof(
      { arbitrary: fc.constant({}), weight: 9 },
      some({ stage: fc.record({ name: text }), exitCode: text, wrote: text }),
    ),
  )
  .map(([head, details, rest]) => ({ ...head, ...details, ...rest }));
const shuffled = fc
  .tuple(usual, fc.infiniteStream(fc.nat()), fc.boolean())
  .map(([member, order, keep]) => {
    const entries = Object.entries(member);
    if (!keep) entries.sort(() => (order.next().value % 2 === 0 ? -1 : 1));
    return Object.fromEntries(entries);
  });
const written = fc
  .tuple(fc.array(fc.oneof({ arbitrary: shuffled, weight: 9 }, fc.jsonValue())), fc.nat({ max: 3 }))
  .map(([members, blanks]) => {
    const json = JSON.stringify(members, null, blanks);
    return blanks === 3 ? json.replaceAll('":', '" : ') : json;
  });

describe("members read straight from the bytes", () => {
  it("are the same facts, refusals and counts as those that are parsed", () => {
    fc.assert(
      fc.property(written, (json) => expectSame(encoder.encode(json))),
      { numRuns: 400 },
    );
  });

  it("are so in a body with any byte changed, left out or twice", () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(
        written,
        place,
        fc.nat({ max: 255 }),
        fc.nat({ max: 2 }),
        (json, at, byte, how) => {
          const bytes = [...encoder.encode(json)];
          const index = Math.floor(at * bytes.length);
          bytes.splice(index, how === 2 ? 0 : 1, ...(how === 1 ? [] : [byte]));
          expectSame(Uint8Array.from(bytes));
        },
      ),
      { numRuns: 400 },
    );
  });

  const good = `{"job":{"name":"A"},"run":{"id":"r1"},"kind":"log","at":"${sample}"}`;
  it.each([
    ["a key twice", `[${good.replace("{", '{"kind":"started",')}]`],
    ["a counter twice", `[${good.replace("{", '{"counters":{"read":1,"written":2,"read":3},')}]`],
    ["a job twice", `[${good.replace("{", '{"job":{"name":"B"},')}]`],
    ["a run before its job", `[{"run":{"id":"r1"},"job":{"name":"A"},"kind":"log","at":5}]`],
    ["a brace in a name", `[${good.replaceAll('"A"', '"A}"')},${good}]`],
    ["a forbidden key", `[${good},${good.replace('"name"', '"__proto__":{},"name"')}]`],
    ["32 levels", `[${good},{"params":${"[".repeat(30)}${"]".repeat(30)}}]`],
    ["33 levels", `[${good},{"params":${"[".repeat(31)}${"]".repeat(31)}}]`],
    ["a second value behind it", `[${good}] [${good}]`],
    ["a comma too many", `[${good},]`],
    ["nothing", "[]"],
    ["a leading zero", `[${good.replace("{", '{"progress":{"done":01},')}]`],
    ["a number cut by a letter", `[${good.replace("{", '{"progress":{"done":1e3},')}]`],
    ["a byte order mark", `\ufeff[${good}]`],
    ["a byte order mark inside", `[${good},\ufeff${good}]`],
    ["no time", `[${good},${good.replace(sample, "")}]`],
    ["no time at first", `[${good.replace(sample, "")},${good}]`],
    [
      "two heads, the first of them bad",
      `[${good.replace("{", '{"job":{"name":""},"run":{"id":"r"},')}]`,
    ],
  ])("are so with %s", (_, json) => expectSame(encoder.encode(json)));

  const unmetBy = (json: string) => {
    const bytes = encoder.encode(json);
    return admit({ contract: "native", bytes, source, receivedAt: RECEIVED }).unmetJobs.length;
  };

  it("make their jobs known only where the body counts [SUP-7]", () => {
    const fresh = good.replace('"A"', '"FRESH"');
    expect([`[${fresh}`, `[${fresh}]`, `[${fresh}]`].map(unmetBy)).toEqual([0, 1, 0]);
  });

  it("make no other head known than that of the run that was accepted [SUP-7]", () => {
    const twice = good.replace("{", '{"job":{"name":"HIDDEN"},"run":{"id":"r1"},');
    const hidden = good.replace('"A"', '"HIDDEN"');
    unmetBy(`[${good}]`);
    expect([`[${twice}]`, `[${hidden}]`].map(unmetBy)).toEqual([0, 1]);
  });

  it("are so in lines that look like an array", () => {
    expectSame(encoder.encode(`[${good}]\n${good}`), "application/x-ndjson");
  });

  it("are so beyond the most members of a body", () => {
    const many = Array.from({ length: 10_001 }, () => good);
    for (const members of [many, many.slice(1)]) {
      expectSame(encoder.encode(`[${members.join()}]`));
    }
  });

  it("are those of the usual form, once their run was accepted", () => {
    const member = `{"job":{"namespace":"n","name":"QUICK"},"run":{"id":"r"},"kind":"progress","at":"${sample}", "progress":{"done":3,"total":9,"unit":"rows"},"counters":{"read":3},"message":"of eve@bank.example"}`;
    const read = () => {
      const plain = new PlainBytes(encoder.encode(member));
      return new QuickNative(plain, { source, receivedAt: RECEIVED }).read();
    };
    expect(read()).toBeNull();
    outcome(encoder.encode(`[${member}]`), true);
    expect(read()?.fact).toMatchObject({
      name: "QUICK",
      progress: { done: 3, total: 9, unit: "rows" },
      message: "of [email]",
    });
    const other = { source: sampleSource({ sourceId: "other" }), receivedAt: RECEIVED };
    expect(new QuickNative(new PlainBytes(encoder.encode(member)), other).read()).toBeNull();
  });
});
