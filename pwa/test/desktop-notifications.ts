import { type ChildProcess, spawn } from "node:child_process";
import { connect, type Socket } from "node:net";
import { DbusReader, dbusMessage, type DbusValue } from "./dbus-message.ts";

/** A notification as a browser gave it to the desktop. */
export interface DesktopNotification {
  readonly id: number;
  readonly title: string;
  /** Buttons by what they say; `default` is the notification itself. */
  readonly actions: ReadonlyMap<string, string>;
}

const NAME = "org.freedesktop.Notifications";
const PATH = "/org/freedesktop/Notifications";
const CALL = 1;
const REPLY = 2;
const SIGNAL = 4;

/**
 * The desktop's side of notifications (Desktop Notifications Specification 1.2) on a bus of its own: a browser that is started with its address
 * hands its notifications to it, and takes a click of it for a person's.
 */
export class DesktopNotifications {
  readonly shown = new Map<number, DesktopNotification>();
  readonly address: string;
  readonly #bus: ChildProcess;
  readonly #socket: Socket;
  #serial = 0;
  #ids = 0;

  private constructor(bus: ChildProcess, address: string, socket: Socket) {
    this.#bus = bus;
    this.address = address;
    this.#socket = socket;
  }

  /** Null where this machine has no bus to speak on. */
  static async start(): Promise<DesktopNotifications | null> {
    const bus = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const address = await new Promise<string | null>((resolve) => {
      bus.once("error", () => resolve(null));
      bus.once("exit", () => resolve(null));
      bus.stdout.once("data", (text: Buffer) => resolve(text.toString().trim()));
    });
    if (address === null) return null;
    const [, kind, name] = /^unix:(path|abstract)=([^,]+)/.exec(address) ?? [];
    const socket = connect(kind === "abstract" ? `\0${name}` : (name ?? ""));
    const desktop = new DesktopNotifications(bus, address, socket);
    await desktop.#enter();
    return desktop;
  }

  /** As a person's click: on the notification, or on a button of it. */
  click(title: string, button = "default"): void {
    const one = [...this.shown.values()].find((each) => each.title === title);
    const action = button === "default" ? button : one?.actions.get(button);
    if (one === undefined || action === undefined) throw new Error(`no ${button} of "${title}"`);
    this.#send(SIGNAL, { path: PATH, interface: NAME, member: "ActionInvoked" }, [
      ["u", one.id],
      ["s", action],
    ]);
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
    const exited = new Promise((resolve) => {
      this.#bus.once("exit", resolve);
    });
    this.#bus.kill();
    await exited;
  }

  async #enter(): Promise<void> {
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString("hex");
    this.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    await new Promise((resolve) => {
      this.#socket.once("data", resolve);
    });
    this.#socket.write("BEGIN\r\n");
    const reader = new DbusReader();
    this.#socket.on("data", (chunk: Buffer) => {
      for (const message of reader.take(chunk)) this.#on(message);
    });
    const bus = "org.freedesktop.DBus";
    const to = { destination: bus, path: "/org/freedesktop/DBus", interface: bus };
    this.#send(CALL, { ...to, member: "Hello" }, []);
    this.#send(CALL, { ...to, member: "RequestName" }, [
      ["s", NAME],
      ["u", 0],
    ]);
  }

  #on({ type, serial, sender, member, body }: ReturnType<DbusReader["take"]>[number]): void {
    if (type !== CALL) return;
    const answer = (values: readonly DbusValue[]): void =>
      this.#send(REPLY, { destination: sender, replySerial: serial }, values);
    switch (member) {
      case "GetCapabilities":
        return answer([["as", ["actions", "body", "persistence"]]]);
      case "GetServerInformation":
        return answer(["Test desktop", "Batchwatch", "1", "1.2"].map((text) => ["s", text]));
      case "Notify": {
        body.string();
        const id = body.u32() || (this.#ids += 1);
        body.string();
        const title = body.string();
        body.string();
        const pairs = body.strings();
        const actions = new Map<string, string>();
        for (let at = 0; at < pairs.length; at += 2)
          actions.set(pairs[at + 1] ?? "", pairs[at] ?? "");
        this.shown.set(id, { id, title, actions });
        return answer([["u", id]]);
      }
      case "CloseNotification":
        this.shown.delete(body.u32());
        return answer([]);
      default:
        return answer([]);
    }
  }

  #send(
    type: number,
    fields: Parameters<typeof dbusMessage>[2],
    values: readonly DbusValue[],
  ): void {
    this.#serial += 1;
    this.#socket.write(dbusMessage(type, this.#serial, fields, values));
  }
}
