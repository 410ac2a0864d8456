import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CDPSession } from "playwright-core";
import { TestBrowser } from "../../api/src/notify/test-browser.ts";
import { TestReceiver } from "../../api/src/notify/test-receiver.ts";
import { eventually, ServerProcess } from "../../api/test/server-process.ts";

/** A real server with a paging source, and the push service that it sends to; what it sends is read with `keys`. */
export class PushWorld {
  readonly folder: string;
  readonly pushService: TestReceiver;
  readonly server: ServerProcess;
  readonly client: ReturnType<ServerProcess["client"]>;
  readonly keys = new TestBrowser();
  readonly #sourceKey: string;

  private constructor(
    folder: string,
    pushService: TestReceiver,
    server: ServerProcess,
    sourceKey: string,
    token: string,
  ) {
    this.folder = folder;
    this.pushService = pushService;
    this.server = server;
    this.#sourceKey = sourceKey;
    this.client = server.client(token);
  }

  static async start(): Promise<PushWorld> {
    const pushService = await TestReceiver.start("https");
    const folder = await mkdtemp(path.join(tmpdir(), "batchwatch-push-"));
    await writeFile(path.join(folder, "ca.pem"), pushService.ca);
    const server = await ServerProcess.start({
      BATCHWATCH_PUSH_ALLOWED_HOSTS: `localhost:${pushService.port}`,
      NODE_EXTRA_CA_CERTS: path.join(folder, "ca.pem"),
    });
    const key = await server.source("night", "native", "--paging");
    const world = new PushWorld(
      folder,
      pushService,
      server,
      key,
      await server.token("Duty Operator"),
    );
    await server.ready();
    return world;
  }

  /** The operator's phone may be woken. */
  async subscribe(
    more: { readonly isPrivate?: boolean; readonly zone?: string } = {},
  ): Promise<void> {
    const { p256dh, auth } = this.keys;
    await this.client.trpc.push.subscribe.mutate({
      endpoint: `https://localhost:${this.pushService.port}/push`,
      p256dh,
      auth,
      label: "Chrome on Android",
      ...more,
    });
  }

  /** A run of a job begins and fails. */
  async fail(job: string, message?: string): Promise<void> {
    const run = { job: { name: job }, run: { id: "1" }, at: new Date().toISOString() };
    const facts = [
      { ...run, kind: "started" },
      { ...run, kind: "failed", ...(message === undefined ? {} : { message }) },
    ];
    await this.server.post("/api/v1/observations", this.#sourceKey, JSON.stringify(facts));
  }

  /** What the push service was given of this job, as the phone reads it. */
  async pushOf(job: string, withinMs?: number): Promise<string> {
    const push = await eventually(
      () =>
        this.pushService.taken
          .map(({ body }) => this.keys.read(body))
          .find((one) => one.includes(job)),
      (one) => one !== undefined,
      withinMs,
    );
    return push ?? "";
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.server.remove();
    await this.pushService.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Id under which the page's service worker is given pushes by the browser. */
export async function registrationOf(cdp: CDPSession): Promise<string> {
  const registered = new Promise<string>((resolve) => {
    cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [one] = registrations;
      if (one !== undefined) resolve(one.registrationId);
    });
  });
  await cdp.send("ServiceWorker.enable");
  return registered;
}
