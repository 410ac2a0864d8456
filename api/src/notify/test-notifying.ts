import { randomBytes } from "node:crypto";
import type { Notification, Notifier, PushSubscriptionRow } from "@batchwatch/engine";
import { Seal } from "../auth/seal.ts";
import { makeNotifier, type NotifierOptions } from "./make-notifier.ts";
import { Outbound } from "./outbound.ts";
import { newWebhookSecret } from "./standard-webhook.ts";
import { pushTargetOf, targetOf } from "./target.ts";
import { TestBrowser } from "./test-browser.ts";
import { testNotification } from "./test-notifications.ts";
import { TestReceiver } from "./test-receiver.ts";
import { TestReceiverStore } from "./test-receiver-store.ts";
import { openVapid, type Vapid } from "./vapid.ts";
import { sealedWebhook } from "./webhook-channel.ts";

export const PUBLIC_URL = "https://batch.bank.example";
/** Stands in paths of addresses, as tokens of receivers do. */
export const PATH_SECRET = "T0KEN-in-the-path";

/** A notifier of tests before a real receiver, with one webhook and one device at most. */
export class NotifyingWorld {
  readonly material: Buffer = randomBytes(32);
  readonly seal: Seal = new Seal(this.material);
  readonly secret: string = newWebhookSecret();
  readonly store: TestReceiverStore = new TestReceiverStore();
  readonly browser: TestBrowser = new TestBrowser();
  readonly errors: unknown[] = [];
  readonly receiver: TestReceiver;
  readonly #opened: Outbound[] = [];
  vapid: Vapid;

  private constructor(receiver: TestReceiver) {
    this.receiver = receiver;
    this.vapid = undefined as unknown as Vapid;
  }

  static async start(): Promise<NotifyingWorld> {
    const world = new NotifyingWorld(await TestReceiver.start("https"));
    world.vapid = await world.open("mailto:duty@bank.example");
    return world;
  }

  open(subject: string | null, seal: Seal = this.seal): Promise<Vapid> {
    return openVapid({ receivers: this.store, seal, subject });
  }

  notifier(more: Partial<NotifierOptions> = {}): Notifier {
    const named = [`localhost:${this.receiver.port}`];
    const common = { now: Date.now, ca: this.receiver.ca };
    const webhook = new Outbound({ ...common, target: (url) => targetOf(url, named) });
    const push = new Outbound({ ...common, target: (url) => pushTargetOf(url, named) });
    this.#opened.push(webhook, push);
    return makeNotifier({
      known: this.store.known,
      receivers: this.store,
      outbound: { webhook, push },
      vapid: this.vapid,
      seal: this.seal,
      publicUrl: () => PUBLIC_URL,
      badge: () => 2,
      now: Date.now,
      onError: (error) => this.errors.push(error),
      ...more,
    });
  }

  /** As the server does when there is somebody to send to. */
  warm(): void {
    for (const one of this.#opened) one.warm();
  }

  addWebhook(url = `https://localhost:${this.receiver.port}/hooks/${PATH_SECRET}`): void {
    const row = { webhookId: "hook-1", name: "SIEM", teamId: null, createdAt: 0 };
    const webhook = sealedWebhook(this.seal, row, { url, secret: this.secret });
    this.store.hooks.set("hook-1", webhook);
  }

  addDevice(more: Partial<PushSubscriptionRow> = {}): void {
    this.store.devices.set("device-1", {
      subscriptionId: "device-1",
      userId: "user-1",
      endpoint: `https://localhost:${this.receiver.port}/wpush/${PATH_SECRET}`,
      p256dh: this.browser.p256dh,
      auth: this.browser.auth,
      label: "Chrome on Android",
      isPrivate: false,
      createdAt: 0,
      lastSentAt: null,
      lastShownAt: null,
      trouble: null,
      consentAt: 0,
      consentWords: "1",
      ...more,
    });
  }

  /** The receiver answers with these statuses in turn, the last one for ever. */
  answering(...statuses: readonly number[]): void {
    let calls = 0;
    this.receiver.answer = (_taken, response) => {
      const status = statuses[Math.min(calls, statuses.length - 1)] ?? 204;
      calls += 1;
      response.writeHead(status, { "retry-after": "3" }).end(`echo of ${PATH_SECRET}`);
    };
  }

  /** Body and text of what came as the n-th. */
  taken(index = 0): { readonly body: Buffer; readonly json: () => any } {
    const body = this.receiver.taken[index]?.body ?? Buffer.alloc(0);
    return { body, json: () => JSON.parse(body.toString("utf8")) };
  }

  async stop(): Promise<void> {
    for (const one of this.#opened) one.close();
    await this.receiver.stop();
  }
}

export function toWebhook(more: Partial<Notification> = {}): Notification {
  return testNotification({
    channel: "webhook",
    targetId: "hook-1",
    userId: null,
    receiver: "SIEM",
    ...more,
  });
}
