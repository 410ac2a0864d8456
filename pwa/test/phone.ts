import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page, Worker } from "playwright-core";
import { build, type Rolldown } from "vite";
import { expect } from "vitest";
import { AnsweringProxy } from "./answering-proxy.ts";
import { BoardServer, rebased } from "./board-server.ts";
import { PHONE, Watcher } from "./watcher.ts";

/** A phone on which the app has been opened once, before a real server whose newest procedures a test answers. */
export class Phone {
  readonly proxy: AnsweringProxy;
  readonly server: BoardServer;
  readonly watcher: Watcher;

  private constructor(proxy: AnsweringProxy, server: BoardServer, watcher: Watcher) {
    this.proxy = proxy;
    this.server = server;
    this.watcher = watcher;
  }

  static async open(browser: Browser): Promise<Phone> {
    const proxy = await AnsweringProxy.listen();
    const server = await BoardServer.start({ BATCHWATCH_ALLOWED_ORIGINS: proxy.url });
    proxy.leadTo(server.port);
    proxy.answers.set("push.devices", () => ({ data: [] }));
    const watcher = await Watcher.signIn(browser, rebased(server.process.signInLink, proxy.url), {
      viewport: PHONE,
    });
    return new Phone(proxy, server, watcher);
  }

  get page(): Page {
    return this.watcher.page;
  }

  get context(): BrowserContext {
    return this.watcher.context;
  }

  /** The active service worker; the page is loaded anew so that it is in charge of it. */
  async worker(): Promise<Worker> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const isControlled = (): Promise<boolean> =>
      this.page.evaluate(() => navigator.serviceWorker.controller !== null);
    if (!(await isControlled())) {
      await this.page.reload();
      await this.watcher.untilLive();
    }
    expect(await isControlled()).toBe(true);
    const [worker] = this.context.serviceWorkers();
    if (worker === undefined) throw new Error("there is no service worker");
    return worker;
  }

  /** Loads what {@link command} needs; before the network goes, as a page's own scripts are. */
  async loadCommands(): Promise<void> {
    this.proxy.files.set("/test-commands.js", await commandsScript());
    // As text: the test runner would put its own import in the place of the browser's.
    await this.page.evaluate("import('/test-commands.js')");
  }

  /** Gives a command as a screen does; resolves when it is kept. */
  command(incidentId: string, action: object): Promise<{ readonly commandId: string }> {
    return this.page.evaluate(
      ([id, given]) => {
        const { sendCommand } = globalThis as unknown as {
          sendCommand(id: string, action: object): Promise<{ commandId: string }>;
        };
        return sendCommand(id, given);
      },
      [incidentId, action] as const,
    );
  }

  /** A value kept on the device. */
  kept(key: string): Promise<unknown> {
    return this.page.evaluate(readKept, key);
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.proxy.close();
    await this.server.process.remove();
  }
}

/** Runs in a page or a service worker; maps are given as lists of pairs. */
export function readKept(key: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("batchwatch");
    opening.addEventListener("error", () => reject(new Error("no database")));
    opening.addEventListener("success", () => {
      const reading = opening.result.transaction("kept").objectStore("kept").get(key);
      reading.addEventListener("success", () => {
        opening.result.close();
        const text = JSON.stringify(reading.result, (_name, value: unknown) =>
          value instanceof Map ? [...value] : value,
        ) as string | undefined;
        resolve(text === undefined ? undefined : JSON.parse(text));
      });
    });
  });
}

let script: Promise<string> | null = null;

function commandsScript(): Promise<string> {
  script ??= bundled("page-commands.mjs");
  return script;
}

async function bundled(file: string): Promise<string> {
  const result = (await build({
    configFile: false,
    root: fileURLToPath(new URL(".", import.meta.url)),
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      rolldownOptions: {
        input: fileURLToPath(new URL(file, import.meta.url)),
        output: { format: "es", codeSplitting: false },
      },
    },
  })) as Rolldown.RolldownOutput;
  return result.output[0].code;
}
