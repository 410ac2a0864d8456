import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { LOG_FIELDS } from "./log-fields.ts";

const SRC = fileURLToPath(new URL("./", import.meta.url));

const CALL = /^(\{[^{}]*\}),\s*("[^"\n]+"|\w+)/;

interface LogCall {
  readonly file: string;
  readonly fields: string;
  readonly words: string;
}

/** Every call of a logger in the package, as text: its fields and its words. */
const CALLS: readonly LogCall[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.includes("test"))
  .flatMap((file) => {
    const text = readFileSync(SRC + file, "utf8");
    const calls = text.matchAll(/\blogger\s*\.\s*(?:info|warn|error|fatal)\(\s*/g);
    return [...calls].map((call) => {
      const rest = text.slice(call.index + call[0].length);
      const [, fields = "?", words = "?"] = CALL.exec(rest) ?? [];
      return { file, fields, words };
    });
  });

/** Calls whose words are handed on: each a union of literals, `AlertingTrouble` and `ApprovalTrouble`. */
const HANDED_ON = ["make-alerting.ts: what", "make-approvals.ts: what"];

describe("every call of a logger", () => {
  it("is found", () => {
    expect(CALLS.length).toBeGreaterThan(20);
    expect(CALLS.filter(({ fields }) => fields === "?")).toEqual([]);
  });

  it("has words that are a literal", () => {
    const others = CALLS.filter(({ words }) => !/^"[^"]+"$/.test(words));
    expect(others.map(({ file, words }) => `${file}: ${words}`).sort()).toEqual(HANDED_ON);
  });

  it("names only fields that log-fields.ts lets through", () => {
    const unknown = CALLS.flatMap(({ file, fields }) =>
      fields
        .slice(1, -1)
        .split(",")
        .map((part) => part.trim())
        // `...damage`: what the journal says of its damage, all of whose fields are listed.
        .filter((part) => part !== "" && part !== "...damage")
        .map((part) => part.split(":")[0] ?? "")
        .filter((name) => !Object.hasOwn(LOG_FIELDS, name))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
