import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { API_LIMITS } from "./options.ts";
import { strictJson } from "./strict-json.ts";

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
/** Any JSON, with the keys that reach prototypes among its own. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 1, "a", "],[{", '\\"', "\u2028"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(fc.constantFrom("a", "b", "constructor", "prototype", "__proto__"), tie("value")),
        {
          maxLength: 4,
        },
      )
      .map((entries) => {
        const made = {};
        for (const [key, value] of entries) {
          Object.defineProperty(made, key, { value, enumerable: true, configurable: true });
        }
        return made;
      }),
  ),
})).value;

function reaches(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const own = Object.entries(value);
  return own.some(([key, one]) => {
    if (key === "__proto__") return true;
    const isReached = key === "constructor" && typeof one === "object" && one !== null;
    return (isReached && Object.hasOwn(one as object, "prototype")) || reaches(one);
  });
}

describe("JSON of callers", () => {
  it("is what JSON.parse makes of it, or refused where a key reaches a prototype", () => {
    fc.assert(
      fc.property(json, fc.boolean(), (value, isSpaced) => {
        const text = JSON.stringify(value, null, isSpaced ? 2 : undefined);
        if (reaches(value)) expect(() => strictJson(text)).toThrow("is not allowed");
        else expect(strictJson(text)).toEqual(value);
        expect(({} as { a?: unknown }).a).toBeUndefined();
      }),
    );
  });

  it.each(['{"__proto__":1}', '{"\\u005f_proto__":1}', '[{"constructor":{"prototype":{}}}]'])(
    "refuses %s",
    (text) => {
      expect(() => strictJson(text)).toThrow("is not allowed");
    },
  );

  it("is nested at most 32 deep, and stops before it is parsed", () => {
    expect(() => strictJson(nested(32))).not.toThrow();
    expect(() => strictJson(nested(33))).toThrow("deeper than 32");
    expect(() => strictJson(nested(30_000))).toThrow("deeper than 32");
    expect(() => strictJson('{"a":'.repeat(12_000))).toThrow("deeper than 32");
  });

  it("holds at most so many calls, whatever stands in them", () => {
    const most = API_LIMITS.batchCalls;
    const call = (text: string) => `{"a":[1,2,3],"b":${JSON.stringify(text)}}`;
    const calls = (count: number) =>
      `\n[${Array.from({ length: count }, () => call('],["\\')).join(",")}]`;
    expect(strictJson(calls(most))).toHaveLength(most);
    expect(() => strictJson(calls(most + 1))).toThrow(`at most ${most} calls`);
    expect(strictJson(`{"a":[${"1,".repeat(50)}1]}`)).toBeTypeOf("object");
  });

  it("quotes nothing of the text when it is none", () => {
    expect(() => strictJson("{secret")).toThrow(/^The body must be JSON/);
    expect(() => strictJson("{secret")).not.toThrow(/secret/);
  });
});
