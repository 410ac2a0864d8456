import { randomBytes } from "node:crypto";
import type { CommandAnswer, Incident, Person } from "@batchwatch/engine";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AckTokens } from "../auth/ack-token.ts";
import { Seal } from "../auth/seal.ts";
import { testIncident } from "../notify/test-incident.ts";
import { testNotification } from "../notify/test-notifications.ts";
import { API_LIMITS } from "../options.ts";
import type { AckView } from "./ack-page.ts";
import { ackRoutes } from "./ack-routes.ts";
import { securityHeaders } from "./security-headers.ts";

const AT = Date.parse("2026-11-11T03:04:00.000Z");
const tokens = new AckTokens(new Seal(randomBytes(32)));
const ME: Person = { userId: "user-1", name: "Duty Operator" };

const incidentOf = (more: Partial<Incident> = {}): Incident =>
  testIncident({
    incidentId: "incident-1",
    groupKey: "job:job-1/x",
    version: 3,
    severity: "CRITICAL",
    teamId: "payments",
    openedAt: AT,
    updatedAt: AT,
    escalation: { step: 1, nextAt: null },
    ...more,
  });

/** The desk in small: an incident that a command changes once, with the answers kept by id. */
class Desk {
  view: AckView | null = {
    notification: testNotification(),
    incident: incidentOf(),
    isOthers: false,
  };
  readonly commands: { by: Person; incidentId: string; commandId: string }[] = [];
  readonly #answers = new Map<string, CommandAnswer>();
  away = false;
  now = AT;

  acknowledge(by: Person, incidentId: string, commandId: string): CommandAnswer | null {
    if (this.away) throw Object.assign(new Error("away"), { code: "store_away" });
    this.commands.push({ by, incidentId, commandId });
    const known = this.#answers.get(commandId);
    if (known !== undefined || this.view === null) return known ?? null;
    const { incident } = this.view;
    const isFree = incident.state === "OPEN" && incident.acknowledgedBy === null;
    const acknowledgedBy = isFree ? by : incident.acknowledgedBy;
    if (isFree) {
      this.change({
        state: "ACKNOWLEDGED",
        acknowledgedBy,
        acknowledgedAt: this.now,
        ackUntil: this.now + 3_600_000,
      });
    }
    const answer: CommandAnswer = {
      outcome: isFree
        ? "done"
        : incident.state === "RESOLVED"
          ? "already-resolved"
          : acknowledgedBy?.userId === by.userId
            ? "already-yours"
            : "someone-has-it",
      incidentId,
      state: this.view.incident.state,
      version: 4,
      acknowledgedBy,
      acknowledgedAt: this.view.incident.acknowledgedAt,
      resolvedAt: incident.resolvedAt,
      resolution: incident.resolution,
      mergedInto: incident.mergedInto,
    };
    this.#answers.set(commandId, answer);
    return answer;
  }

  change(more: Partial<Incident>): void {
    if (this.view !== null) {
      this.view = { ...this.view, incident: { ...this.view.incident, ...more } };
    }
  }
}

let app: FastifyInstance;
let desk: Desk;
beforeEach(async () => {
  desk = new Desk();
  app = Fastify();
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.headers(securityHeaders(false));
    if (!reply.hasHeader("cache-control")) void reply.header("cache-control", "no-store");
    done();
  });
  await app.register(async (scope) =>
    ackRoutes(scope, {
      tokens,
      look: async (notificationId, incidentId) => {
        expect([notificationId, incidentId]).toEqual(["notification-1", "incident-1"]);
        return desk.view;
      },
      acknowledge: async (by, { incident }, commandId) =>
        desk.acknowledge(by, incident.incidentId, commandId),
      now: () => desk.now,
    }),
  );
});
afterEach(() => app.close());

const token = tokens.make({
  notificationId: "notification-1",
  incidentId: "incident-1",
  expiresAt: AT + API_LIMITS.ackLinkMs,
});
const look = (given = token) => app.inject({ method: "GET", url: `/ack/${given}` });
const press = (given = token) =>
  app.inject({
    method: "POST",
    url: `/ack/${given}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "",
  });

describe("looking", () => {
  test("shows what it is about and one large button, and changes nothing, however often", async () => {
    for (let time = 0; time < 3; time += 1) {
      const page = await look();
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain("FAILED Payments EOD");
      expect(page.body).toContain("Nobody has it yet.");
      expect(page.body.match(/<button/g)).toHaveLength(1);
      expect(page.body).toContain('<form method="post">');
      expect(page.body).toContain('<html lang="en">');
      expect(page.body).toContain('name="viewport"');
    }
    await app.inject({ method: "HEAD", url: `/ack/${token}` });
    expect(desk.commands).toEqual([]);
    expect(desk.view?.incident.state).toBe("OPEN");
  });

  test("has a policy of its own: no script, nothing inline, nothing of others, never kept", async () => {
    const { headers, body } = await look();
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    expect(body).not.toMatch(/<script|style=|<style|\son\w+=/i);
    // The token stands in no link of the page.
    expect(body).not.toContain(token.slice(0, 20));
  });

  test("its style is a file of ours, for light and dark, with buttons a thumb can hit", async () => {
    const page = await look();
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const style = await app.inject({ method: "GET", url: href });
    expect(style.headers["content-type"]).toBe("text/css; charset=utf-8");
    expect(style.body).toContain("prefers-color-scheme: dark");
    expect(
      Number(/button \{[^}]*min-height: (\d+)px/.exec(style.body)?.[1]),
    ).toBeGreaterThanOrEqual(48);
    expect(style.body).not.toContain("url(");
  });

  test.each([
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></main><svg onload=alert(1)>",
    "&lt;b&gt;",
    "\u202egnp.exe\u0007",
  ])("a job called %j is text", async (hostile) => {
    desk.view = {
      incident: incidentOf(),
      isOthers: false,
      notification: testNotification(
        { receiver: hostile },
        { title: hostile, body: hostile, message: hostile, firstStep: hostile, jobName: hostile },
      ),
    };
    for (const { body } of [await look(), await press(), await press()]) {
      const inside = body.slice(body.indexOf("<main>"));
      const tags = [...inside.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1]);
      const allowed = ["main", "h1", "p", "form", "button", "a", "body", "html"];
      expect(tags.filter((tag) => !allowed.includes(tag ?? ""))).toEqual([]);
      expect(body).not.toMatch(/<[^>]*\son\w+\s*=/i);
      for (const hidden of ["\u202e", "\u0007"]) expect(body).not.toContain(hidden);
    }
  });

  test("says who has it, that it ended, or that it is part of another, without a button", async () => {
    desk.change({ state: "ACKNOWLEDGED", acknowledgedBy: ME, acknowledgedAt: AT });
    expect((await look()).body).toContain("Duty Operator has it since 03:04 UTC.");
    desk.change({ state: "RESOLVED", resolvedAt: AT, resolution: "cleared" });
    expect((await look()).body).toContain("It ended by itself at 03:04 UTC. Nothing left to do.");
    desk.change({ resolution: "merged", mergedInto: "incident-2" });
    const merged = await look();
    expect(merged.body).toContain("part of another");
    expect(merged.body).toContain('href="/incidents/incident-2"');
    expect(merged.body).not.toContain("<button");
  });
});

describe("pressing", () => {
  test("acknowledges in the name of who was told, and says until when", async () => {
    const page = await press();
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain("You have it until 04:04 UTC.");
    expect(desk.commands).toEqual([
      {
        by: ME,
        incidentId: "incident-1",
        commandId: expect.stringMatching(
          /^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
        ),
      },
    ]);
  });

  test("again it is the same command with the same answer", async () => {
    const [first, second] = [await press(), await press()];
    expect(second.body).toBe(first.body);
    expect(new Set(desk.commands.map(({ commandId }) => commandId)).size).toBe(1);
  });

  test("again after things have changed it does not claim what is no longer so", async () => {
    await press();
    desk.change({ acknowledgedBy: null, acknowledgedAt: null, state: "OPEN" });
    expect((await press()).body).toContain("This link was used before. Nobody has it yet.");
  });

  test("somebody else was quicker", async () => {
    desk.change({
      state: "ACKNOWLEDGED",
      acknowledgedBy: { userId: "user-2", name: "Second Operator" },
      acknowledgedAt: AT,
    });
    expect((await press()).body).toContain(
      "Second Operator acknowledged this at 03:04 UTC. Your tap changed nothing.",
    );
  });

  test.each([
    ["someone-has-it", { userId: "user-2", name: "Second Operator" }],
    ["already-yours", ME],
  ])("again after %s, it does not say that somebody has what nobody has", async (_, holder) => {
    desk.change({ state: "ACKNOWLEDGED", acknowledgedBy: holder, acknowledgedAt: AT });
    await press();
    desk.change({ state: "OPEN", acknowledgedBy: null, acknowledgedAt: null });
    const { body } = await press();
    expect(body).toContain("This link was used before. Nobody has it yet.");
    expect(body).not.toMatch(/acknowledged this|You have it/);
  });

  test.each([
    ["cleared", "It ended by itself at 03:04 UTC. Nothing left to do."],
    ["retracted", "It ended by itself at 03:04 UTC. Nothing left to do."],
    ["person", "Somebody resolved it at 03:04 UTC."],
    ["retired", "It ended at 03:04 UTC, as its job is not watched any more."],
  ] as const)("it was over already: %s", async (resolution, words) => {
    desk.change({ state: "RESOLVED", resolvedAt: AT, resolution });
    const { body } = await press();
    expect(body).toContain(words);
    expect(body.includes("Nothing left to do")).toBe(words.includes("Nothing left to do"));
  });

  test("it was merged meanwhile: the page says so and leads to what it is part of, which may be open", async () => {
    desk.change({
      state: "RESOLVED",
      resolvedAt: AT,
      resolution: "merged",
      mergedInto: "incident-2",
    });
    const { body } = await press();
    expect(body).toContain("It is part of another incident now. Open that one.");
    expect(body).toContain('href="/incidents/incident-2"');
    expect(body).not.toContain("Nothing left to do");
  });

  test("a webhook's link speaks for the webhook", async () => {
    const notification = testNotification({
      channel: "webhook",
      targetId: "hook-1",
      userId: null,
      receiver: "SIEM",
    });
    desk.view = { notification, incident: incidentOf(), isOthers: false };
    await press();
    expect(desk.commands[0]?.by).toEqual({ userId: "webhook:hook-1", name: "SIEM" });
  });

  test.each(["application/json", "text/plain", "multipart/form-data; boundary=x", undefined])(
    "the body (%s) is not looked at",
    async (type) => {
      const page = await app.inject({
        method: "POST",
        url: `/ack/${token}`,
        ...(type === undefined ? {} : { headers: { "content-type": type }, payload: "{" }),
      });
      expect(page.statusCode).toBe(200);
    },
  );

  test("while the store is away nothing is claimed", async () => {
    desk.away = true;
    const page = await press();
    expect(page.statusCode).toBe(503);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.body).toContain("Not saved");
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  });
});

describe("links that are none", () => {
  test.each([
    ["changed", `${token.slice(0, -2)}xx`],
    [
      "another claim",
      `${Buffer.from('["n","i",9e9]').toString("base64url")}.${token.split(".")[1]}`,
    ],
    ["nonsense", "nonsense"],
    [
      "of another key",
      new AckTokens(new Seal(randomBytes(32))).make({
        notificationId: "notification-1",
        incidentId: "incident-1",
        expiresAt: AT + 1_000,
      }),
    ],
  ])("%s: 404, and nothing is pressed", async (_what, given) => {
    expect((await look(given)).statusCode).toBe(404);
    expect((await press(given)).statusCode).toBe(404);
    expect(desk.commands).toEqual([]);
  });

  test("after twelve hours: 410, with the way into the app", async () => {
    desk.now = AT + API_LIMITS.ackLinkMs;
    for (const page of [await look(), await press()]) {
      expect(page.statusCode).toBe(410);
      expect(page.body).toContain('href="/incidents/incident-1"');
    }
    expect(desk.commands).toEqual([]);
  });

  test("an incident that is not there any more", async () => {
    desk.view = null;
    expect((await look()).statusCode).toBe(404);
    expect((await press()).statusCode).toBe(404);
  });
});

test("one address may call so often in a minute, others go on, and it may again later", async () => {
  const from = (remoteAddress: string) =>
    app.inject({ method: "GET", url: "/ack/guess", remoteAddress });
  for (let call = 0; call < API_LIMITS.ackCallsPerMinute; call += 1) {
    expect((await from("2001:db8:1:2::1")).statusCode).toBe(404);
  }
  const refused = await from("2001:db8:1:2:ffff::2");
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect((await from("2001:db8:1:3::1")).statusCode).toBe(404);
  expect((await from("10.0.0.1")).statusCode).toBe(404);
  desk.now += 60_000;
  expect((await from("2001:db8:1:2::1")).statusCode).toBe(404);
});
