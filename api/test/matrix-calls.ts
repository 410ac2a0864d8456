import type { ProcedurePath } from "../src/auth/policy.ts";
import type { Member } from "./matrix-world.ts";
import { HIDDEN, NAMED } from "./matrix-world.ts";

export interface Answer {
  /** `OK`, or tRPC's code. */
  readonly code: string;
  /** What was answered, or the words of the refusal. */
  readonly text: string;
}

export type CallType = "query" | "mutation" | "subscription";

interface Reply {
  readonly result?: { readonly data?: unknown };
  readonly error?: { readonly message: string; readonly data: { readonly code: string } };
}

/** One call over HTTP, as any client makes it; of a stream, its first second. */
export async function callAs(
  url: string,
  { token }: Pick<Member, "token">,
  path: ProcedurePath,
  type: CallType,
  input: unknown,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const given = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  if (type === "subscription") return firstOf(`${url}/trpc/${path}${given}`, headers);
  const response =
    type === "query"
      ? await fetch(`${url}/trpc/${path}${given}`, { headers })
      : await fetch(`${url}/trpc/${path}`, {
          method: "POST",
          headers,
          ...(input === undefined ? {} : { body: JSON.stringify(input) }),
        });
  const { result, error } = (await response.json()) as Reply;
  if (error !== undefined) return { code: error.data.code, text: error.message };
  return { code: "OK", text: JSON.stringify(result?.data ?? null) };
}

/** What comes until the first heartbeat: by then everything that there was has come. */
async function firstOf(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, { headers: { ...headers, accept: "text/event-stream" } });
  const reader = response.body?.getReader();
  let text = "";
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    text += new TextDecoder().decode(value);
    const code = /event: serialized-error[\s\S]*?"code":"([A-Z_]+)"/.exec(text)?.[1];
    if (code !== undefined || text.includes('"type":"heartbeat"')) {
      await reader?.cancel();
      return { code: code ?? "OK", text };
    }
    if (done) break;
  }
  const { error } = JSON.parse(text) as Reply;
  return { code: error?.data.code ?? "OK", text: error?.message ?? text };
}

/** Words of blue's in an answer to red, beside the four fields of jobs in a chain with red's. */
export function leaksIn({ text }: Answer): readonly string[] {
  const visible = text.startsWith("{") || text.startsWith("[") ? withoutChains(text) : text;
  return [HIDDEN, NAMED].flatMap((mark) => {
    const at = visible.indexOf(mark);
    return at < 0 ? [] : [visible.slice(Math.max(0, at - 60), at + 40)];
  });
}

const CHAINS = ["foreignParent", "foreignChildren", "foreignMembers", "foreignWaiting"] as const;
const FOUR_FIELDS = ["etaAt", "name", "onCall", "state", "teamName"];

function withoutChains(text: string): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
    if ((CHAINS as readonly string[]).includes(key)) return fourFieldsOnly(value);
    return isHeldUp(value) ? { ...value, jobName: "", teamId: "", acknowledgedBy: null } : value;
  });
}

/** Hidden words stay in sight; names and teams of the four fields are let through. */
function fourFieldsOnly(value: unknown): unknown {
  for (const one of value === null ? [] : [value].flat()) {
    const fields = Object.keys(one as object).sort();
    if (fields.join() !== FOUR_FIELDS.join()) return `${HIDDEN}: ${fields.join()}`;
  }
  return JSON.stringify(value).replaceAll(NAMED, "");
}

/** An incident of blue's that holds up a job of red's: its name, team and who has it are the fields of its lead. */
function isHeldUp(value: unknown): value is object {
  if (typeof value !== "object" || value === null || !("incidentId" in value)) return false;
  const { teamId, jobId, message, executionId } = value as Readonly<Record<string, unknown>>;
  const isBlue = typeof teamId === "string" && teamId.startsWith(NAMED);
  return isBlue && jobId === null && message === null && executionId === null;
}
