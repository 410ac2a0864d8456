import net, { type LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { API_LIMITS } from "../options.ts";
import { Outbound } from "./outbound.ts";
import { isPublicAddress } from "./public-address.ts";
import { targetOf } from "./target.ts";
import { TestReceiver } from "./test-receiver.ts";

/** What the kernel was asked to connect to: below every library, above the wire. */
const connects: string[] = [];
type Connect = (request: unknown, address: string, port: number) => number;
const binding = (process as unknown as { binding(name: string): unknown }).binding("tcp_wrap");
const wire = (binding as { TCP: { prototype: Record<"connect" | "connect6", Connect> } }).TCP
  .prototype;

let plain: TestReceiver;
let secure: TestReceiver;
const opened: Outbound[] = [];

beforeAll(async () => {
  [plain, secure] = [await TestReceiver.start("http"), await TestReceiver.start("https")];
});
afterAll(() => Promise.all([plain.stop(), secure.stop()]));
beforeEach(() => {
  connects.length = 0;
  for (const name of ["connect", "connect6"] as const) {
    const connect = wire[name];
    vi.spyOn(wire, name).mockImplementation(function (this: unknown, request, address, port) {
      connects.push(address);
      return connect.call(this, request, address, port);
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const one of opened.splice(0)) one.close();
});

function outbound(named: readonly string[] = [], lookup?: LookupFunction): Outbound {
  const made = new Outbound({
    target: (url) => targetOf(url, named),
    now: Date.now,
    ca: secure.ca,
    ...(lookup === undefined ? {} : { lookup }),
  });
  opened.push(made);
  return made;
}

/** Every name is at this address. */
function allAt(address: string): LookupFunction {
  const family = net.isIP(address);
  return (_name, options, done) =>
    options.all === true ? done(null, [{ address, family }]) : done(null, address, family);
}

const post = (url: string, timeoutMs?: number) => ({
  url,
  method: "POST" as const,
  headers: { "content-type": "application/json" },
  body: Buffer.from("{}"),
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
});

/** Forms of addresses that are not on the internet; the first hosts all mean 127.0.0.1. */
const INSIDE = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "0x7f.0.0.0x1",
  "127.000.000.001",
  "%31%32%37.0.0.1",
  "１２７.０.０.１",
  "127。0。0。1",
  "localhost",
  "LOCALHOST",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "127.255.255.254",
  "0.0.0.0",
  "0",
  "[::]",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.254",
  "192.168.1.1",
  "169.254.169.254",
  "0xa9fea9fe",
  "2852039166",
  "[::ffff:169.254.169.254]",
  "[fe80::1]",
  "[fec0::1]",
  "[fd00:ec2::254]",
  "[fc00::1]",
  "100.64.0.1",
  "100.100.100.200",
  "192.0.0.192",
  "192.0.2.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "192.88.99.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::a9fe:a9fe]",
  "[64:ff9b:1::a00:1]",
  "[2002:7f00:1::]",
  "[2002:a00:1::1]",
  "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
  "[2001:db8::1]",
  "[2001:10::1]",
  "[3fff::1]",
  "[5f00::1]",
  "[ff02::1]",
  "[100::1]",
  "[::ffff:0:127.0.0.1]",
] as const;

/** Addresses that names may turn out to have. */
const INSIDE_ADDRESSES = [
  ...new Set(
    INSIDE.filter((form) => !/localhost/i.test(form)).map((form) =>
      new URL(`https://${form}/`).hostname.replaceAll(/^\[|\]$/g, ""),
    ),
  ),
  "fe80::1%1",
];

describe("addresses inside are not called", () => {
  test("the table is worth its name", () => {
    expect(INSIDE.length).toBeGreaterThanOrEqual(32);
    expect(INSIDE_ADDRESSES.length).toBeGreaterThanOrEqual(32);
  });

  test.each(INSIDE)(
    "https://%s: refused when saved and when sent, and nothing is connected to",
    async (form) => {
      for (const port of ["", `:${secure.port}`]) {
        const url = `https://${form}${port}/hook`;
        expect(await outbound().check(url)).toMatchObject({ type: "refused" });
        expect(await outbound().send(post(url))).toMatchObject({ type: "refused" });
      }
      expect(connects).toEqual([]);
    },
  );

  test.each(INSIDE_ADDRESSES)("a name at %s: the same", async (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const url = `https://hooks.bank.example:${secure.port}/hook`;
    expect(await outbound([], allAt(address)).check(url)).toMatchObject({ type: "refused" });
    expect(await outbound([], allAt(address)).send(post(url))).toEqual({
      type: "refused",
      error: `hooks.bank.example:${secure.port} is a private or special address; name it in the allowed hosts if it is meant`,
    });
    expect(connects).toEqual([]);
  });

  test("a name that is outside when saved and inside when sent is not connected to", async () => {
    let asked = 0;
    const turning: LookupFunction = (name, options, done) => {
      asked += 1;
      allAt(asked === 1 ? "93.184.216.34" : "127.0.0.1")(name, options, done);
    };
    const one = outbound([], turning);
    const url = `https://rebind.example:${secure.port}/hook`;
    expect(await one.check(url)).toEqual({ type: "allowed" });
    expect(await one.send(post(url))).toMatchObject({ type: "refused" });
    expect({ asked, connects }).toEqual({ asked: 2, connects: [] });
  });

  test("one inside address among several is enough", async () => {
    const mixed: LookupFunction = (_name, _options, done) =>
      done(null, [
        { address: "93.184.216.34", family: 4 },
        { address: "10.0.0.1", family: 4 },
      ]);
    const one = outbound([], mixed);
    expect(await one.check("https://mixed.example/")).toMatchObject({ type: "refused" });
    expect(await one.send(post("https://mixed.example/"))).toMatchObject({ type: "refused" });
    expect(connects).toEqual([]);
  });

  test("what is outside is connected to: the guard is not simply shut", async () => {
    for (const address of ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "8.8.8.8"]) {
      connects.length = 0;
      expect(isPublicAddress(address)).toBe(true);
      const url = "https://outside.example/";
      expect(await outbound([], allAt(address)).check(url)).toEqual({ type: "allowed" });
      const sent = await outbound([], allAt(address)).send(post(url, 200));
      expect(sent.type).toBe("failed");
      expect(connects).toEqual([address]);
    }
  });

  test("a name that cannot be resolved is not refused, as it is looked at again when it is called", async () => {
    const nowhere: LookupFunction = (_name, _options, done) =>
      done(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
    const one = outbound([], nowhere);
    expect((await one.check("https://nowhere.example/")).type).toBe("unresolved");
    expect(await one.send(post("https://nowhere.example/"))).toEqual({
      type: "failed",
      error: "nowhere.example: its name cannot be resolved (ENOTFOUND)",
    });
  });
});

describe("the text of an address", () => {
  test.each([
    ["http://hooks.bank.example/", "https"],
    ["https://user@hooks.bank.example/", "user"],
    ["https://:word@hooks.bank.example/", "password"],
    ["https://hooks.bank.example./", "dot"],
    ["ftp://hooks.bank.example/", "such as https://"],
    ["file:///etc/passwd", "such as https://"],
    ["//hooks.bank.example/", "such as https://"],
    ["hooks.bank.example", "such as https://"],
    ["", "such as https://"],
  ])("%j is refused with what would be right", async (url, right) => {
    const verdict = await outbound().check(url);
    expect(verdict).toMatchObject({ type: "refused", error: expect.stringContaining(right) });
    expect(await outbound().send(post(url))).toEqual(verdict);
    expect(connects).toEqual([]);
  });
});

describe("hosts that the operator named", () => {
  test.each(["127.0.0.1", "localhost"])("%s may be inside, with and without TLS", async (host) => {
    const one = outbound([host]);
    expect(await one.check(`http://${host}:${plain.port}/`)).toEqual({ type: "allowed" });
    for (const url of [`http://${host}:${plain.port}/`, `https://${host}:${secure.port}/`]) {
      expect(await one.send(post(url))).toMatchObject({ type: "answered", status: 204 });
    }
  });

  test("a port named with it is the only one", async () => {
    const one = outbound([`127.0.0.1:${plain.port}`]);
    expect((await one.send(post(`http://127.0.0.1:${plain.port}/`))).type).toBe("answered");
    expect((await one.send(post(`https://127.0.0.1:${secure.port}/`))).type).toBe("refused");
    expect((await one.send(post(`http://127.0.0.1:1/`))).type).toBe("refused");
  });

  test("its neighbours in name are not named", async () => {
    const one = outbound(["siem.bank.example"], allAt("127.0.0.1"));
    for (const host of [
      "a.siem.bank.example",
      "xsiem.bank.example",
      "siem.bank.example.evil.example",
    ]) {
      expect((await one.send(post(`https://${host}:${secure.port}/`))).type).toBe("refused");
    }
    expect(connects).toEqual([]);
  });
});

describe("one exchange is bounded", () => {
  const named = () => outbound(["127.0.0.1", "localhost"]);
  const url = () => `http://127.0.0.1:${plain.port}/`;

  test("a redirect is an answer, not a place to go", async () => {
    plain.answer = (_taken, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${plain.port}/inside` }).end();
    const before = plain.taken.length;
    expect(await named().send(post(url()))).toMatchObject({ type: "answered", status: 307 });
    expect(plain.taken.slice(before).map(({ path }) => path)).toEqual(["/"]);
  });

  test("proxies of the environment are not used", async () => {
    plain.answer = (_taken, response) => response.writeHead(204).end();
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
      vi.stubEnv(name, `http://127.0.0.1:${plain.port}`);
    }
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    const before = plain.connections;
    const result = await named().send(post(`https://localhost:${secure.port}/`));
    expect(result).toMatchObject({ type: "answered", status: 204 });
    expect(plain.connections).toBe(before);
  });

  test("no answer in time: failed, with the host and the time and nothing of the path", async () => {
    plain.answer = () => {};
    const begun = performance.now();
    const result = await named().send(post(`${url()}secret-path?token=hush`, 150));
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(result).toMatchObject({ type: "failed", error: expect.stringContaining("within") });
    expect(JSON.stringify(result)).not.toMatch(/secret-path|hush/);
    expect(API_LIMITS.outboundMs).toBe(5_000);
  });

  test("a name that is never resolved ends in time too", async () => {
    const one = outbound(["slow.example"], () => {});
    expect((await one.send(post("https://slow.example/", 100))).type).toBe("failed");
  });

  test("a status counts although its answer never ends, and an endless answer is cut off", async () => {
    plain.answer = (_taken, response) => response.writeHead(200).write("begun");
    const slow = await named().send(post(url(), 300));
    expect(slow).toMatchObject({ type: "answered", status: 200 });
    plain.answer = (_taken, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, "x")));
      };
      response.on("drain", more);
      more();
    };
    const long = await named().send(post(url()));
    expect(long).toMatchObject({ type: "answered", status: 200 });
    expect(long.type === "answered" && long.body.length).toBe(API_LIMITS.outboundAnswerBytes);
  });

  test("Retry-After is read in both forms and bounded", async () => {
    const one = named();
    const asked = async (value: string) => {
      plain.answer = (_taken, response) => response.writeHead(503, { "retry-after": value }).end();
      const result = await one.send(post(url()));
      return result.type === "answered" ? result.retryAfterMs : result;
    };
    expect(await asked("7")).toBe(7_000);
    expect(await asked("999999999")).toBe(API_LIMITS.retryAfterMostMs);
    expect(await asked("soon")).toBeNull();
    expect(await asked(new Date(Date.now() - 60_000).toUTCString())).toBe(0);
    const inAMinute = await asked(new Date(Date.now() + 60_000).toUTCString());
    expect(inAMinute).toBeGreaterThan(50_000);
    expect(inAMinute).toBeLessThanOrEqual(60_000);
  });

  test("connections are kept, few, and one that was closed meanwhile is no failure", async () => {
    plain.answer = (_taken, response) => response.writeHead(204).end();
    const one = named();
    const before = plain.connections;
    for (let call = 0; call < 5; call += 1) await one.send(post(url()));
    expect(plain.connections - before).toBe(1);
    await Promise.all(Array.from({ length: 40 }, () => one.send(post(url()))));
    expect(plain.connections - before).toBeLessThanOrEqual(8);
    plain.answer = (_taken, response) => response.writeHead(204).end(() => response.destroy());
    await one.send(post(url()));
    plain.answer = (_taken, response) => response.writeHead(204).end();
    expect(await one.send(post(url()))).toMatchObject({ status: 204 });
  });

  test("a closed port and an untrusted certificate are told apart, in words", async () => {
    const gone = await TestReceiver.start("http");
    const { port } = gone;
    await gone.stop();
    expect(await named().send(post(`http://127.0.0.1:${port}/`))).toEqual({
      type: "failed",
      error: `127.0.0.1:${port}: it refuses connections (ECONNREFUSED)`,
    });
    const strict = new Outbound({ target: (text) => targetOf(text, ["localhost"]), now: Date.now });
    opened.push(strict);
    expect(await strict.send(post(`https://localhost:${secure.port}/`))).toMatchObject({
      type: "failed",
      error: expect.stringContaining("certificate"),
    });
  });

  test("a header that cannot be sent is a failure, not an exception", async () => {
    const bad = { ...post(url()), headers: { "x-bad": "a\r\nb" } };
    expect((await named().send(bad)).type).toBe("failed");
  });
});
