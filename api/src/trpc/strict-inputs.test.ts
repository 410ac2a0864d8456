import { describe, expect, it } from "vitest";
import { z } from "zod";
import { appRouter } from "./router.ts";

interface Check {
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
}

/** The slice of a zod schema that is walked. */
interface Walked {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly format?: string;
      readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
    } & Readonly<Record<string, unknown>>;
  };
}

/** Formats of zod that bound what they match. */
const BOUNDED_FORMATS: ReadonlySet<unknown> = new Set(["uuid", "datetime", "date"]);

function isBounded({ format, checks = [] }: Walked["_zod"]["def"]): boolean {
  const isBound = ({ check, pattern }: Check) =>
    check === "max_length" ||
    check === "length_equals" ||
    (pattern !== undefined && /^\^[^+*]*\$$/.test(pattern.source));
  return BOUNDED_FORMATS.has(format) || checks.some(({ _zod }) => isBound(_zod.def));
}

/** What in it lets through more than it names: objects that keep or drop other keys, texts and lists without an end. */
function looseIn(schema: unknown, path: string): readonly string[] {
  const { def } = (schema as Walked)._zod;
  const inner = (key: string, at = path) => looseIn(def[key], at);
  switch (def.type) {
    case "object": {
      const shape = Object.entries(def["shape"] as Readonly<Record<string, unknown>>);
      const catchall = def["catchall"] as Walked | undefined;
      const isStrict = catchall?._zod.def.type === "never";
      return [
        ...(isStrict ? [] : [`${path}: not a strictObject`]),
        ...shape.flatMap(([key, one]) => looseIn(one, `${path}.${key}`)),
      ];
    }
    case "optional":
    case "nullable":
    case "default":
      return inner("innerType");
    case "pipe":
      return [...inner("in"), ...inner("out")];
    case "array":
      return [
        ...(isBounded(def) ? [] : [`${path}: a list without max`]),
        ...inner("element", `${path}[]`),
      ];
    case "union":
      return (def["options"] as readonly unknown[]).flatMap((one, at) =>
        looseIn(one, `${path}|${at}`),
      );
    case "string":
      return isBounded(def) ? [] : [`${path}: a text without max`];
    case "number":
    case "boolean":
    case "enum":
    case "literal":
    case "null":
      return [];
    default:
      return [`${path}: ${def.type} is not known to this test`];
  }
}

interface Procedure {
  readonly _def: { readonly inputs: readonly unknown[] };
}
const procedures = Object.entries(
  appRouter._def.procedures as unknown as Readonly<Record<string, Procedure>>,
);

describe("inputs take what they name and nothing else", () => {
  it.each(procedures)("%s", (path, { _def }) => {
    expect(_def.inputs.flatMap((input) => looseIn(input, path))).toEqual([]);
  });

  it.each([
    [z.object({ a: z.number() }), "x: not a strictObject"],
    [z.looseObject({}), "x: not a strictObject"],
    [z.strictObject({ a: z.object({}).optional() }), "x.a: not a strictObject"],
    [z.strictObject({ a: z.string() }), "x.a: a text without max"],
    [z.strictObject({ a: z.string().regex(/^[a-z]+$/) }), "x.a: a text without max"],
    [z.strictObject({ a: z.array(z.number()) }), "x.a: a list without max"],
    [
      z.strictObject({ a: z.record(z.string(), z.number()) }),
      "x.a: record is not known to this test",
    ],
    [z.strictObject({ a: z.any() }), "x.a: any is not known to this test"],
  ])("would notice %#: %s", (schema, found) => {
    expect(looseIn(schema, "x")).toEqual([found]);
  });
});
