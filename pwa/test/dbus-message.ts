/** As much of the D-Bus wire protocol (specification 0.43, "Message Protocol") as a notification service needs; little-endian. */

export type DbusValue =
  | readonly ["s", string]
  | readonly ["u", number]
  | readonly ["as", readonly string[]];

interface Fields {
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly destination?: string;
  readonly replySerial?: number;
}

/** Codes and types of header fields. */
const HEADER = {
  path: [1, "o"],
  interface: [2, "s"],
  member: [3, "s"],
  replySerial: [5, "u"],
  destination: [6, "s"],
} as const;
const SENDER = 7;
const MEMBER = 3;
const SIGNATURE = 8;

class Writer {
  #bytes = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#bytes;
  }

  add(...bytes: readonly number[]): void {
    this.#bytes = Buffer.concat([this.#bytes, Buffer.from(bytes)]);
  }

  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.add(0);
  }

  u32(value: number): void {
    this.align(4);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.add(...bytes);
  }

  string(text: string): void {
    const bytes = Buffer.from(text);
    this.u32(bytes.length);
    this.add(...bytes, 0);
  }

  signature(text: string): void {
    this.add(text.length, ...Buffer.from(text), 0);
  }

  /** What is written goes behind its own length in bytes. */
  array(align: number, write: () => void): void {
    this.u32(0);
    const at = this.#bytes.length - 4;
    this.align(align);
    const start = this.#bytes.length;
    write();
    this.#bytes.writeUInt32LE(this.#bytes.length - start, at);
  }

  value([type, value]: DbusValue): void {
    if (type === "u") this.u32(value);
    else if (type === "s") this.string(value);
    else
      this.array(4, () => {
        for (const text of value) this.string(text);
      });
  }
}

/** @param type 1: a call, 2: its answer, 4: a signal */
export function dbusMessage(
  type: number,
  serial: number,
  fields: Fields,
  values: readonly DbusValue[],
): Buffer {
  const body = new Writer();
  for (const value of values) body.value(value);
  const message = new Writer();
  message.add("l".charCodeAt(0), type, 0, 1);
  message.u32(body.bytes.length);
  message.u32(serial);
  message.array(8, () => {
    for (const [name, [code, kind]] of Object.entries(HEADER)) {
      const value = fields[name as keyof Fields];
      if (value === undefined) continue;
      message.align(8);
      message.add(code);
      message.signature(kind);
      if (typeof value === "number") message.u32(value);
      else message.string(value);
    }
    if (values.length === 0) return;
    message.align(8);
    message.add(SIGNATURE);
    message.signature("g");
    message.signature(values.map(([kind]) => kind).join(""));
  });
  message.align(8);
  return Buffer.concat([message.bytes, body.bytes]);
}

/** Reads one value after the other; offsets count from the message's begin, as alignment does. */
class DbusBody {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  align(to: number): void {
    this.#at = Math.ceil(this.#at / to) * to;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes[this.#at - 1] ?? 0;
  }

  u32(): number {
    this.align(4);
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  string(): string {
    return this.#text(this.u32());
  }

  signature(): string {
    return this.#text(this.byte());
  }

  strings(): readonly string[] {
    const length = this.u32();
    const end = this.#at + length;
    const texts: string[] = [];
    while (this.#at < end) texts.push(this.string());
    return texts;
  }

  #text(length: number): string {
    this.#at += length + 1;
    return this.#bytes.toString("utf8", this.#at - length - 1, this.#at - 1);
  }
}

export interface DbusMessage {
  readonly type: number;
  readonly serial: number;
  readonly sender: string;
  readonly member: string;
  readonly body: DbusBody;
}

/** Messages out of a stream. */
export class DbusReader {
  #kept = Buffer.alloc(0);

  take(chunk: Buffer): readonly DbusMessage[] {
    this.#kept = Buffer.concat([this.#kept, chunk]);
    const messages: DbusMessage[] = [];
    for (;;) {
      if (this.#kept.length < 16) return messages;
      const bodyLength = this.#kept.readUInt32LE(4);
      const bodyAt = Math.ceil((16 + this.#kept.readUInt32LE(12)) / 8) * 8;
      if (this.#kept.length < bodyAt + bodyLength) return messages;
      messages.push(messageOf(this.#kept.subarray(0, bodyAt + bodyLength), bodyAt));
      this.#kept = this.#kept.subarray(bodyAt + bodyLength);
    }
  }
}

function messageOf(bytes: Buffer, bodyAt: number): DbusMessage {
  const header = new DbusBody(bytes, 16);
  const end = 16 + bytes.readUInt32LE(12);
  const texts = new Map<number, string>();
  while (header.at < end) {
    header.align(8);
    const code = header.byte();
    const kind = header.signature();
    if (kind === "u") header.u32();
    else texts.set(code, kind === "g" ? header.signature() : header.string());
  }
  return {
    type: bytes[1] ?? 0,
    serial: bytes.readUInt32LE(8),
    sender: texts.get(SENDER) ?? "",
    member: texts.get(MEMBER) ?? "",
    body: new DbusBody(bytes.subarray(bodyAt)),
  };
}
