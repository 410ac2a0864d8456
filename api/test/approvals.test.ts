import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BrowserSession } from "./browser-session.ts";
import { eventually, ServerProcess } from "./server-process.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

const asking = () => ({ commandId: randomUUID(), reason: "quarter end" });

describe("two people on a running server [S64]", () => {
  let server: ServerProcess;
  let receiver: WebhookReceiver;
  let first: ReturnType<ServerProcess["client"]>;
  let second: ReturnType<ServerProcess["client"]>;
  const open: (() => void)[] = [];
  const clientOf = ({ accessToken }: BrowserSession) => {
    const client = server.client(accessToken);
    open.push(client.close);
    return client;
  };
  beforeAll(async () => {
    receiver = await WebhookReceiver.listen();
    server = await ServerProcess.start({ BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: receiver.host });
    await server.command("webhook", "add", "--name", "desk", "--url", receiver.url);
    await server.command("user", "add", "--name", "Second", "--role", "administrator");
    first = clientOf(await BrowserSession.byLink(server));
  });
  afterAll(async () => {
    for (const close of open) close();
    await server.remove();
    await receiver.close();
  });

  it("one person decides alone until a second one has signed in, and never again [EYES-6]", async () => {
    const source = {
      name: "first-source",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: null,
    } as const;
    const change = { kind: "source-add", payload: source } as const;
    const added = await first.trpc.sources.propose.mutate({ change, ...asking() });
    expect(added).toMatchObject({ outcome: "applied", request: { mode: "set-up" } });
    const key = added.secret ?? "";
    const sent = await server.post("/api/v1/observations", key, "[]");
    expect(sent.status).not.toBe(401);
    const { link = "" } = await server.command("user", "link", "--name", "Second");
    const session = await BrowserSession.signIn(server, { code: link.split("code=")[1] });
    second = clientOf(session);
    const state = await eventually(
      () => first.trpc.approvals.state.query(),
      ({ setupUntil }) => setupUntil === null,
    );
    expect(state).toEqual({ setupUntil: null, waiting: 0, breakGlass: 0 });
  });

  it("then what one asks for waits for the other; its key is shown to who asked, once [EYES-5, EYES-12]", async () => {
    const payload = {
      name: "second-source",
      contract: "native",
      environment: "PROD",
      zone: "UTC",
      teamName: null,
    } as const;
    const asked = await first.trpc.sources.propose.mutate({
      change: { kind: "source-add", payload },
      ...asking(),
    });
    expect(asked).toMatchObject({ outcome: "waiting", secret: null });
    const { requestId, hash } = asked.request;
    const decision = { commandId: randomUUID(), requestId, hash };
    await expect(first.trpc.approvals.approve.mutate(decision)).rejects.toMatchObject({
      data: { code: "FORBIDDEN", reason: "own_request" },
    });
    await second.trpc.approvals.approve.mutate(decision);
    const { secret } = await first.trpc.approvals.collect.mutate({ requestId });
    expect((await server.post("/api/v1/observations", secret, "[]")).status).not.toBe(401);
    await expect(first.trpc.approvals.collect.mutate({ requestId })).rejects.toMatchObject({
      data: { reason: "already_collected" },
    });
    await eventually(
      () => receiver.arrivals.filter(({ type }) => type === "delivery.approval"),
      (told) => told.length > 0,
      10_000,
    );
  });

  it("break-glass works at once, wakes the others and shows in health until somebody says no [EYES-7]", async () => {
    const { items } = await first.trpc.sources.list.query();
    const { sourceId = "" } = items.find(({ name }) => name === "first-source") ?? {};
    const glass = await first.trpc.sources.startPaging.mutate({
      sourceId,
      ...asking(),
      breakGlass: true,
    });
    expect(glass).toMatchObject({ pagingMode: "PAGING", outcome: "applied" });
    const health = async () =>
      (await first.trpc.health.get.query()).components.find(({ name }) => name === "approvals");
    await eventually(health, (one) => one?.status === "DEGRADED");
    const told = await eventually(
      () => receiver.arrivals.filter(({ type }) => type === "delivery.break-glass"),
      (found) => found.length > 0,
      10_000,
    );
    expect(told[0]?.body).toContain("/more/approvals/");
    await second.trpc.approvals.reject.mutate({
      commandId: randomUUID(),
      requestId: glass.request?.requestId ?? "",
      note: "not now",
    });
    const after = (await first.trpc.sources.list.query()).items;
    expect(after.find(({ name }) => name === "first-source")?.pagingMode).toBe("WATCHING");
    await eventually(health, (one) => one?.status === "UP");
    const { items: records } = await second.trpc.audit.list.query({ limit: 50 });
    for (const action of ["setup-ended", "break-glass", "change-applied", "change-reverted"]) {
      expect(records.map((one) => one.action)).toContain(action);
    }
  });
});
