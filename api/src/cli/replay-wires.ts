import type { SourceContract } from "@batchwatch/engine";

/** A member that the server refused; `index` counts from 0 within the request. */
export interface RefusedMember {
  readonly index: number;
  readonly message: string;
}

/** How a contract's lines travel in one request, and how its answer reads. */
export interface ReplayWire {
  readonly path: string;
  readonly contentType: string;
  body(lines: readonly string[]): string;
  /** Refused members of an answer; null when the answer is not one of this contract's. */
  refused(status: number, answer: unknown): readonly RefusedMember[] | null;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}

function members(value: unknown, reason: string): readonly RefusedMember[] | null {
  if (!Array.isArray(value)) return null;
  return value.map((one) => {
    const index = Number(field(one, "index"));
    const message = field(one, reason);
    return { index, message: typeof message === "string" ? message : "refused" };
  });
}

export const REPLAY_WIRES: Readonly<Record<SourceContract, ReplayWire>> = {
  native: {
    path: "/api/v1/observations",
    contentType: "application/x-ndjson",
    body: (lines) => `${lines.join("\n")}\n`,
    refused: (_status, answer) => members(field(answer, "rejected"), "message"),
  },
  openlineage: {
    path: "/api/v1/lineage/batch",
    contentType: "application/json",
    body: (lines) => `[${lines.join(",")}]`,
    refused: (status, answer) =>
      status === 204 ? [] : members(field(answer, "failed_events"), "reason"),
  },
};
