/**
 * What an attacker does, in a process of its own so that its work is not the work of whoever measures: `node attacks.mjs NAME URL
 * TOKEN KEY MS` does it for so long, tells what it met as one line of JSON, and ends with everything closed.
 */
import { connect } from "node:net";
import { setPriority } from "node:os";
import { gzipSync } from "node:zlib";
import { setTimeout as pause } from "node:timers/promises";
import WebSocket from "ws";

// An attacker has a machine of its own: here it works with what the others leave of this one.
setPriority(10);
const [name = "", url = "", token = "", key = "", ms = "0"] = process.argv.slice(2);
const { port } = new URL(url);
/** Made before the time begins. */
const bomb = name === "gzip bombs" ? gzipSync(Buffer.alloc(200 * 1024 * 1024)) : null;
const until = Date.now() + Number(ms);
/** How often each thing was met. */
const met = {};
const opened = new Set();

function meet(what) {
  met[what] = (met[what] ?? 0) + 1;
}

/** Runs so many loops of it at once until the time is over. */
async function loops(count, work) {
  const loop = async (at) => {
    while (Date.now() < until) {
      try {
        await work(at);
      } catch (error) {
        meet(error?.cause?.code ?? error?.code ?? "failed");
        await pause(5);
      }
    }
  };
  await Promise.all(Array.from({ length: count }, (_, at) => loop(at)));
}

function socket(query = "?connectionParams=1") {
  const made = new WebSocket(`${url.replace("http", "ws")}/trpc${query}`);
  opened.add(made);
  return new Promise((resolve, reject) => {
    made.once("open", () => resolve(made));
    made.once("error", reject);
    made.once("unexpected-response", (_request, { statusCode }) => {
      meet(`socket ${statusCode}`);
      made.terminate();
      reject(new Error("refused"));
    });
  }).then((ready) => {
    ready.on("error", () => {});
    return ready;
  });
}

async function signedIn() {
  const made = await socket();
  made.send(JSON.stringify({ method: "connectionParams", data: { token } }));
  return made;
}

/** Sends one frame on a socket of its own and waits for what becomes of it. */
async function frame(text) {
  const made = await signedIn();
  const end = new Promise((resolve) => {
    made.once("close", (code) => resolve(`close ${code}`));
    made.once("message", () => resolve("answer"));
  });
  made.send(text);
  meet(await Promise.race([end, pause(1_000, "silence")]));
  made.terminate();
  opened.delete(made);
}

function tcp() {
  const made = connect(Number(port), "127.0.0.1");
  opened.add(made);
  made.on("error", () => {});
  made.on("close", () => opened.delete(made));
  return new Promise((resolve) => {
    made.once("connect", () => resolve(made));
    made.once("close", () => resolve(made));
  });
}

/** A connection that says a little at a time, for as long as it is let. */
async function drip(begin, piece) {
  const made = await tcp();
  let answer = "";
  made.on("data", (chunk) => {
    answer += chunk;
  });
  made.write(begin);
  while (Date.now() < until && !made.destroyed && answer === "") {
    await pause(100);
    if (!made.destroyed) made.write(piece);
  }
  meet(answer === "" ? "still open" : (answer.split(" ")[1] ?? "answer"));
  made.destroy();
}

async function http(path, init = {}) {
  const response = await fetch(url + path, init);
  await response.arrayBuffer();
  meet(String(response.status));
}

const nested = (depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const json = { "content-type": "application/json" };
const bearer = { ...json, authorization: `Bearer ${token}` };
const source = { ...json, authorization: `Bearer ${key}` };
const subscription = (id) => ({ id, method: "subscription", params: { path: "live.changes" } });
const frames = (count) =>
  JSON.stringify(Array.from({ length: count }, (_, id) => subscription(id)));

const ATTACKS = {
  "oversized frames": () => loops(4, () => frame("x".repeat(1_000_000))),
  "subscriptions in one frame": async () => {
    const [many, most] = [frames(50_000), frames(500)];
    await loops(4, (at) => frame(at % 2 === 0 ? many : most));
  },
  "slow readers": async () => {
    const readers = await Promise.all(Array.from({ length: 15 }, signedIn));
    for (const reader of readers) {
      // As many as one socket may have: what is asked beyond that is a flood of calls and not of readers.
      for (let id = 1; id <= 4; id += 1) reader.send(JSON.stringify(subscription(id)));
      reader.pause();
    }
    await pause(until - Date.now());
    meet("readers");
  },
  "floods of queries": async () => {
    const batch = Array(20).fill("dashboard.get");
    const calls = JSON.stringify(
      batch.map((path, id) => ({ id, method: "query", params: { path } })),
    );
    const request = `GET /trpc/${batch.join(",")}?batch=1&input=%7B%7D HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const unread = () =>
      loops(4, async () => {
        const made = await tcp();
        made.pause();
        made.write(request.repeat(16));
        await pause(200);
        meet("pipelines");
        made.destroy();
      });
    const sockets = () =>
      loops(10, async () => {
        const made = await signedIn();
        made.pause();
        for (let at = 0; at < 50; at += 1) made.send(calls);
        await pause(200);
        meet("sockets");
        made.terminate();
        opened.delete(made);
      });
    await Promise.all([unread(), sockets()]);
  },
  "sockets that never sign in": () =>
    loops(50, async () => {
      await socket();
      meet("opened");
      await pause(50);
    }),
  "floods of sockets": () =>
    loops(20, async () => {
      const made = await socket();
      made.terminate();
      opened.delete(made);
      meet("opened");
    }),
  "floods of connections": () =>
    loops(50, async () => {
      if (opened.size > 1_500) await pause(50);
      await tcp();
      meet("opened");
      await pause(10);
    }),
  "deep JSON": async () => {
    const [small, large] = [nested(30_000), nested(500_000)];
    await loops(6, (at) =>
      at % 2 === 0
        ? http("/trpc/me.erase", { method: "POST", headers: bearer, body: small })
        : http("/api/v1/observations", { method: "POST", headers: source, body: large }),
    );
  },
  "gzip bombs": async () => {
    const headers = { ...source, "content-encoding": "gzip" };
    await loops(6, (at) =>
      http("/api/v1/observations", {
        method: "POST",
        headers: at % 2 === 0 ? headers : { ...headers, authorization: "" },
        body: bomb,
      }),
    );
  },
  "floods of header lines": async () => {
    const lines = Array.from({ length: 1_500 }, (_, at) => `x${at}: 1\r\n`).join("");
    const head = `GET /health/live HTTP/1.1\r\nHost: x\r\n${lines}`;
    await loops(10, async () => {
      const made = await tcp();
      made.end(`${head}x: ${"y".repeat(30_000)}\r\n\r\n`);
      await new Promise((resolve) => {
        made.once("close", resolve);
        made.resume();
      });
      meet("ended");
    });
  },
  "slow heads": () =>
    loops(300, () => drip("GET /health/live HTTP/1.1\r\nHost: x\r\n", "x-slow: 1\r\n")),
  "slow bodies": () =>
    loops(300, (at) => {
      const path = at % 2 === 0 ? "/trpc/me.erase" : "/api/v1/observations";
      const who = at % 2 === 0 ? token : key;
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${who}\r\n`;
      return drip(
        `${head}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n`,
        "[".repeat(3),
      );
    }),
  "pipelined requests": async () => {
    const request = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    await loops(2, async () => {
      const made = await tcp();
      // What is answered is not read: the server must stop reading too.
      made.pause();
      for (let burst = 0; burst < 10 && !made.destroyed; burst += 1) {
        made.write(request.repeat(500));
        await pause(20);
      }
      meet("bursts");
      await pause(200);
      made.destroy();
    });
  },
  "huge addresses": () =>
    loops(6, (at) =>
      http(at % 2 === 0 ? `/${"a".repeat(12_000)}` : `/trpc/me.get?input=${"9".repeat(12_000)}`, {
        headers: bearer,
      }),
    ),
  "sign-in attempts": () =>
    loops(8, () =>
      http("/auth/sign-in", {
        method: "POST",
        headers: { ...json, origin: url },
        body: JSON.stringify({ name: "manager", password: `wrong ${Math.random()}` }),
      }),
    ),
};

const attack = ATTACKS[name];
if (attack === undefined) throw new Error(`There is no attack "${name}".`);
await attack();
process.stdout.write(`${JSON.stringify(met)}\n`, () => process.exit(0));
