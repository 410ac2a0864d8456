import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact, Observation } from "../model/fact.ts";
import { jobIdOf, partitionOf } from "../model/ids.ts";
import type { Source } from "../model/job.ts";
import type { AdmitRequest, Admitted } from "./admit-types.ts";
import { admit } from "./admit.ts";
import { factsOf, sampleSource } from "./test-source.ts";

const RECEIVED = Date.UTC(2026, 0, 31, 12);
const GOOD = {
  job: { namespace: "core", name: "GL_EXTRACT", team: "Ledger Team" },
  run: { id: "r-1" },
  kind: "started",
  at: "2026-01-31T11:59:00Z",
};

function native(
  body: unknown,
  part: Partial<AdmitRequest> = {},
  source: Partial<Source> = {},
): Admitted {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text);
  const request = {
    contract: "native",
    bytes,
    source: sampleSource(source),
    receivedAt: RECEIVED,
  } as const;
  return admit({ ...request, ...part });
}

function factAt(at: unknown, source: Partial<Source> = {}): Fact | undefined {
  return factsOf(native([{ ...GOOD, at }], {}, source))[0];
}

describe("native observations", () => {
  it("become facts with stable ids", () => {
    const admitted = native([GOOD]);
    expect(admitted.reply).toEqual({ status: 202, body: { accepted: 1, rejected: [] } });
    const [fact] = factsOf(admitted);
    const [again] = factsOf(native([{ ...GOOD, at: RECEIVED }]));
    expect(again).toEqual({ ...fact, occurredAt: RECEIVED });
    expect(again).toMatchObject({ teamId: "ledger-team", runKey: "r-1", kind: "started" });
  });

  it("belong to the job that their name was renamed to, and keep the run's own id [SET-4]", () => {
    const [own] = factsOf(native([GOOD])) as [Observation];
    const old = jobIdOf(sampleSource().sourceId, "core", "GL_OLD");
    const renamed = native([GOOD], { aliases: new Map([[own.jobId, old]]) });
    expect(factsOf(renamed)).toEqual([{ ...own, jobId: old }]);
    expect(renamed.records.map((record) => record.partition)).toEqual([partitionOf(old)]);
    expect(factsOf(native([GOOD], { aliases: new Map([[old, own.jobId]]) }))).toEqual([own]);
  });

  it("come as one object, an array, or lines", () => {
    const line = JSON.stringify(GOOD);
    expect(native(GOOD).accepted).toBe(1);
    expect(native(`${line}\n${line}\n`).accepted).toBe(2);
    expect(
      native(`${line}\nnot json`, { contentType: "application/x-ndjson" }).reply.body,
    ).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, code: "invalid_json" }],
    });
    expect(native([]).reply).toEqual({ status: 202, body: { accepted: 0, rejected: [] } });
  });

  it.each([
    ["year 9999", { at: "9999-12-31T00:00:00Z" }, "invalid_time", "at"],
    ["epoch seconds", { at: 1_700_000_000 }, "invalid_time", "at"],
    ["31 February", { at: "2026-02-31T00:00:00Z" }, "invalid_time", "at"],
    ["at missing", { at: undefined }, "missing_field", "at"],
    ["at wrong type", { at: {} }, "wrong_type", "at"],
    ["job as text", { job: "x" }, "wrong_type", "job"],
    ["name of 10 kB", { job: { name: "x".repeat(10_000) } }, "name_too_long", "job.name"],
    ["empty name", { job: { name: "" } }, "invalid_name", "job.name"],
    ["NUL in name", { job: { name: "a\u0000b" } }, "invalid_name", "job.name"],
    ["numeric run id", { run: { id: 7 } }, "wrong_type", "run.id"],
    ["unknown kind", { kind: "finished" }, "invalid_kind", "kind"],
    ["unknown key", { extra: 1 }, "unknown_field", "extra"],
    ["negative counter", { counters: { read: -1 } }, "invalid_number", "counters.read"],
    ["fractional counter", { counters: { read: 1.5 } }, "invalid_number", "counters.read"],
    ["misspelt counter", { counters: { wrote: 1 } }, "unknown_field", "counters.wrote"],
    ["progress text", { progress: { done: "1" } }, "wrong_type", "progress.done"],
    ["object parameter", { params: { a: {} } }, "wrong_type", "params.a"],
    ["datasets.in", { datasets: { in: {} } }, "wrong_type", "datasets.in"],
  ])("bad member is named, good ones are kept: %s", (_, change, code, field) => {
    const admitted = native([GOOD, { ...GOOD, ...change }, GOOD]);
    expect(admitted.reply.status).toBe(202);
    expect(admitted.reply.body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 1, code, field }],
    });
    expect(admitted.rejections).toMatchObject([{ code, contract: "native" }]);
    expect(native([{ ...GOOD, ...change }]).reply).toMatchObject({
      status: 400,
      body: { code, field },
    });
  });

  it.each([
    ["over 1 MiB", new Uint8Array(1_048_577).fill(32), 413, "body_too_large"],
    ["invalid UTF-8", new Uint8Array([91, 34, 0xff, 34, 93]), 400, "invalid_utf8"],
    ["not JSON", "{", 400, "invalid_json"],
    ["depth 33", `${"[".repeat(33)}${"]".repeat(33)}`, 400, "too_deep"],
    ["depth 500,000", "[".repeat(500_000), 400, "too_deep"],
    [
      "10,001 members",
      JSON.stringify(Array.from({ length: 10_001 }, () => 1)),
      413,
      "too_many_members",
    ],
  ])("whole body is refused: %s", (_, body, status, code) => {
    const { reply, records, rejections } = native(body);
    expect(reply).toMatchObject({ status, body: { code, message: expect.any(String) } });
    expect(records).toEqual([]);
    expect(rejections).toMatchObject([{ code }]);
  });

  it.each([
    ['{"__proto__":{"a":1}}', "__proto__"],
    ['{"a":{"\\u005f_proto__":1}}', "__proto__"],
    ['{"constructor":{"prototype":1}}', "constructor.prototype"],
  ])("refuses only the member with a forbidden key: %s", (member, field) => {
    expect(native(`[${JSON.stringify(GOOD)},${member}]`).reply.body).toMatchObject({
      accepted: 1,
      rejected: [{ index: 1, code: "forbidden_key", field }],
    });
  });

  it("[RUN-3] clamps the future, marks the past, and reads zone-less times in the source's zone", () => {
    expect(factAt("2026-01-31T13:00:00Z")).toMatchObject({ occurredAt: RECEIVED, clamped: true });
    const inFiveMinutes = factAt("2026-01-31T12:05:00Z");
    expect(inFiveMinutes).toMatchObject({ occurredAt: RECEIVED + 300_000 });
    expect(inFiveMinutes).not.toHaveProperty("clamped");
    expect(factAt("2026-01-31T12:05:00.001Z")).toMatchObject({ clamped: true });
    expect(factAt("2026-01-29T13:00:00Z")).toMatchObject({ historical: true });
    const zone = { zone: "Europe/Berlin" };
    expect(factAt("2026-01-31 12:30", zone)).toMatchObject({
      occurredAt: Date.UTC(2026, 0, 31, 11, 30),
    });
    expect(factAt("2025-10-26T02:30:00", zone)).toMatchObject({
      occurredAt: Date.UTC(2025, 9, 26, 1, 30),
    });
    expect(factAt("2026-01-31T12:30:00.5+05:30")).toMatchObject({
      occurredAt: Date.UTC(2026, 0, 31, 7, 0, 0, 500),
    });
  });

  it("takes the business date from parameters and the team from the source first", () => {
    const [fact] = factsOf(
      native([{ ...GOOD, params: { cobDate: "20260130" } }], {}, { teamId: "t" }),
    );
    expect(fact).toMatchObject({
      businessDate: "2026-01-30",
      businessDateOrigin: "PARAMETER",
      teamId: "t",
    });
  });

  it("keeps no card, address or secret of any free-text field", () => {
    const canary = "4111111111111111 a.person@bank.example password=hunter2";
    const everywhere = {
      job: { namespace: canary, name: canary, team: "x" },
      run: { id: canary, parent: { job: { name: canary }, run: { id: canary } } },
      stage: { name: canary },
      progress: { done: 1, unit: canary },
      metrics: { [canary]: 1 },
      message: canary,
      exitCode: canary,
      datasets: { in: [canary], out: [{ namespace: canary, name: canary }] },
      params: { [canary]: canary, password: "hunter2" },
      kind: "log",
      at: RECEIVED,
    };
    const bad = [{ ...everywhere, [canary]: canary }, { ...everywhere, kind: canary }, canary];
    const badAt = [
      { ...everywhere, at: canary },
      { ...everywhere, counters: { [canary]: 1 } },
    ];
    const raw = `{"message":"${canary}"`;
    const results = [native([everywhere]), native([...bad, ...badAt]), native(raw)];
    expect(results.map((result) => result.accepted)).toEqual([1, 0, 0]);
    const kept = results.flatMap((result) => [factsOf(result), result.reply, result.rejections]);
    expect(JSON.stringify(kept)).not.toMatch(/411111|a\.person|hunter2/);
  });
});

describe("what is masked", () => {
  const text = "card 4111111111111111 of eve@bank.example, password=hunter2";
  const params = { contact: text, note: text };

  it("is counted once, by kind, of facts and of what is refused", () => {
    const { masked } = native([
      { ...GOOD, message: text },
      { ...GOOD, kind: text },
    ]);
    expect(masked).toEqual({ hidden: { card: 2, email: 2, secret: 2 }, kept: {} });
    expect(native([GOOD]).masked).toEqual({ hidden: {}, kept: {} });
    expect(native(`{"${text}`).masked.hidden).toEqual({ card: 1, email: 1, secret: 1 });
  });

  it("stays where an exception keeps it: in that parameter, of those kinds, a secret never", () => {
    const keeps = new Map([["contact", ["email", "secret"] as const]]);
    const admitted = native([{ ...GOOD, params, message: text }], { keeps });
    const hidden = "card [card …1111] of [email], password=[secret]";
    expect(factsOf(admitted)).toMatchObject([
      {
        message: hidden,
        params: { note: hidden, contact: hidden.replace("[email]", "eve@bank.example") },
      },
    ]);
    expect(admitted.masked).toEqual({
      hidden: { card: 3, email: 2, secret: 3 },
      kept: { email: 1 },
    });
  });

  it.each([
    [{ counters: { read: 4111111111111111 } }, "counters.read"],
    [{ metrics: { last: 4111111111111111 } }, "metrics.last"],
    [{ progress: { done: 4111111111111111 } }, "progress.done"],
    [{ datasets: { in: [{ name: "t", rows: 4111111111111111 }] } }, "datasets.in[0].rows"],
  ])("a number that is a card's is refused, as it could not be masked: %j", (change, field) => {
    const { reply, rejections } = native([{ ...GOOD, ...change }]);
    expect(reply).toMatchObject({ status: 400, body: { code: "card_number", field } });
    expect(JSON.stringify([reply, rejections])).not.toContain("411111");
    // Bytes of a few terabytes may look like one.
    expect(native([{ ...GOOD, counters: { read: 4222222222222 } }]).accepted).toBe(1);
  });

  it("a team's name is masked before it becomes an id", () => {
    const team = "4111111111111111";
    const [fact] = factsOf(native([{ ...GOOD, job: { ...GOOD.job, team } }]));
    expect(fact).toMatchObject({ teamId: "card-1111" });
  });
});

describe("admit", () => {
  const contract = fc.constantFrom("native", "openlineage", "openlineage-batch");

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), contract, (bytes, name) => {
        const { reply } = native(bytes, { contract: name });
        expect(reply.status).toBeGreaterThanOrEqual(200);
      }),
    );
    fc.assert(
      fc.property(fc.json(), contract, (text, name) => {
        expect(native(text, { contract: name }).reply.status).toBeLessThan(500);
      }),
    );
  });

  it("accepts or rejects every member", () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom("log", "", RECEIVED, 1e308, -1, {}));
    const key = fc.constantFrom(
      "job",
      "run",
      "stage",
      "kind",
      "at",
      "params",
      "datasets",
      "metrics",
      "x",
    );
    const member = fc.oneof(
      fc.constant(GOOD),
      fc.tuple(key, value).map(([name, inner]) => ({ ...GOOD, [name]: inner })),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), (members) => {
        const { accepted, reply, rejections, ...rest } = native(members);
        const body: { rejected?: unknown[] } = Object(reply.body);
        if (body.rejected === undefined) return;
        expect(accepted + body.rejected.length).toBe(members.length);
        expect(rejections).toHaveLength(body.rejected.length);
        expect(factsOf({ accepted, reply, rejections, ...rest })).toHaveLength(accepted);
      }),
    );
  });
});

describe("[SUP-7] a limit of jobs", () => {
  const known = new Set<string>();
  const jobs = { limit: 2, admits: (jobId: string) => known.has(jobId) };
  const named = (name: string) => ({ ...GOOD, job: { name } });
  for (const fact of factsOf(native([named("A"), named("B")]))) {
    if (fact.type === "observation") known.add(fact.jobId);
  }

  it("refuses members of new jobs with its own code; known jobs go on", () => {
    const answer = native([named("A"), named("A_2026-01-31"), named("B")], { jobs });
    expect(answer.reply).toMatchObject({
      status: 202,
      body: { accepted: 2, rejected: [{ index: 1, code: "too_many_jobs" }] },
    });
    expect(answer.rejections).toMatchObject([{ code: "too_many_jobs" }]);
    expect(answer.rejections[0]?.message).toMatch(/its 2 jobs.*known jobs go on.*date/);
    expect(factsOf(answer)).toHaveLength(2);
  });

  it("says which jobs it had not met, so that only these can be new", () => {
    expect(native([named("C"), named("D"), named("C")]).unmetJobs).toHaveLength(2);
    expect(native([named("C"), named("D")]).unmetJobs).toEqual([]);
  });
});
