import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { TestReceiver } from "../../../api/src/notify/test-receiver.ts";

interface FromBrowser {
  readonly messageType?: string;
  readonly uaid?: string;
  readonly channelID?: string;
  readonly updates?: readonly { readonly version: string; readonly code: number }[];
}

/** Codes with which Firefox takes a message: shown to the worker, or not. */
export interface Ack {
  readonly version: string;
  readonly code: number;
}

/**
 * The least of a push service that speaks Firefox's protocol on one side and RFC 8030 on the other: one browser, messages kept until it
 * takes them. What is posted to it is passed on as it is: it has no key.
 */
export class PushService {
  readonly acks: Ack[] = [];
  #uaid = randomUUID();
  #socket: WebSocket | null = null;
  readonly #channels = new Set<string>();
  readonly #kept = new Map<string, object>();
  readonly #server: WebSocketServer;
  /** Where messages are posted. */
  readonly door: TestReceiver;

  private constructor(server: WebSocketServer, door: TestReceiver) {
    this.#server = server;
    this.door = door;
    door.answer = ({ path, body }, response) =>
      response.writeHead(this.#deliver(path, body), { location: "/messages/1" }).end();
    server.on("connection", (socket) => {
      socket.on("message", (data: Buffer) => this.#on(socket, data.toString()));
      socket.on("error", () => socket.terminate());
    });
  }

  static async listen(): Promise<PushService> {
    const server = new WebSocketServer({
      host: "127.0.0.1",
      port: 0,
      handleProtocols: (protocols) =>
        protocols.has("push-notification") ? "push-notification" : false,
    });
    await new Promise((resolve) => {
      server.once("listening", resolve);
    });
    return new PushService(server, await TestReceiver.start("https"));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** As the settings of Batchwatch name it. */
  get host(): string {
    return `localhost:${this.door.port}`;
  }

  get isConnected(): boolean {
    return this.#socket?.readyState === 1;
  }

  /** Forgets the browser, as a service does after an outage: it is a new one when it comes back. */
  forget(): void {
    this.#uaid = randomUUID();
    this.#channels.clear();
    this.#kept.clear();
    this.drop();
  }

  /** Cuts the connection; what arrives meanwhile is kept. */
  drop(): void {
    this.#socket?.terminate();
    this.#socket = null;
  }

  async close(): Promise<void> {
    this.drop();
    await this.door.stop();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  /** Takes a message for a subscription; one whose channel is gone is refused as a service refuses it (410). */
  #deliver(path: string, body: Buffer): 201 | 410 {
    const channelID = path.split("/").at(-1) ?? "";
    if (!this.#channels.has(channelID)) return 410;
    const version = randomBytes(8).toString("hex");
    const message = {
      messageType: "notification",
      channelID,
      version,
      data: body.toString("base64url"),
      headers: { encoding: "aes128gcm" },
    };
    this.#kept.set(version, message);
    this.#send(message);
    return 201;
  }

  #on(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as FromBrowser;
    const { messageType, channelID = "" } = message;
    if (messageType === undefined) socket.send("{}");
    if (messageType === "hello") {
      this.#socket = socket;
      const answer = {
        messageType,
        uaid: this.#uaid,
        status: 200,
        use_webpush: true,
        broadcasts: {},
      };
      socket.send(JSON.stringify(answer));
      for (const kept of this.#kept.values()) this.#send(kept);
    } else if (messageType === "register") {
      this.#channels.add(channelID);
      const pushEndpoint = `https://${this.host}/wpush/v2/${channelID}`;
      socket.send(JSON.stringify({ messageType, channelID, status: 200, pushEndpoint }));
    } else if (messageType === "unregister") {
      this.#channels.delete(channelID);
      socket.send(JSON.stringify({ messageType, channelID, status: 200 }));
    } else if (messageType === "ack" || messageType === "nack") {
      for (const { version, code } of message.updates ?? []) {
        this.acks.push({ version, code });
        this.#kept.delete(version);
      }
    }
  }

  #send(message: object): void {
    if (this.isConnected) this.#socket?.send(JSON.stringify(message));
  }
}
