import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { testCertificate } from "../src/notify/test-certificate.ts";
import { ServerProcess } from "./server-process.ts";

const MAIN = fileURLToPath(new URL("../bundle/main.js", import.meta.url));

describe("a server with a certificate", () => {
  const { cert, key } = testCertificate();
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "batchwatch-tls-"));
    await writeFile(join(folder, "cert.pem"), cert);
    await writeFile(join(folder, "key.pem"), key, { mode: 0o600 });
    server = await ServerProcess.start({
      BATCHWATCH_TLS_CERT: join(folder, "cert.pem"),
      BATCHWATCH_TLS_KEY: join(folder, "key.pem"),
    });
  });
  afterAll(async () => {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  });

  function ask(path: string, body: object | null, headers: Readonly<Record<string, string>> = {}) {
    return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
      (resolve, reject) => {
        const asked = request(
          `${server.url}${path}`,
          {
            ca: cert,
            method: body === null ? "GET" : "POST",
            headers: { "content-type": "application/json", ...headers },
          },
          (response) => {
            let text = "";
            response.on("data", (chunk: Buffer) => (text += chunk.toString()));
            response.on("end", () =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
            );
          },
        );
        asked.on("error", reject);
        asked.end(body === null ? undefined : JSON.stringify(body));
      },
    );
  }

  it("speaks TLS only, says so to browsers for a year, and its cookie is bound to this host", async () => {
    expect(server.url).toMatch(/^https:/);
    await expect(fetch(server.url.replace("https", "http"))).rejects.toThrow("fetch failed");
    const page = await ask("/health", null);
    expect(page.headers["strict-transport-security"]).toBe("max-age=31536000");
    const signedIn = await ask("/auth/sign-in", { code: server.signInLink.split("code=")[1] });
    expect(signedIn.status).toBe(200);
    const [cookie = ""] = signedIn.headers["set-cookie"] as string[];
    expect(cookie).toMatch(
      /^__Host-batchwatch-refresh=bwr_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    const jar = cookie.split(";")[0] ?? "";
    const refreshed = await ask("/auth/refresh", {}, { cookie: jar, origin: server.url });
    expect(refreshed.status).toBe(200);
    // Without its prefix it is not ours: another host of the domain could have set it.
    const bare = await ask("/auth/refresh", {}, { cookie: jar.replace("__Host-", "") });
    expect(bare.status).toBe(401);
  });

  it.each([
    ["TLS 1.3", { minVersion: "TLSv1.3" }, true],
    ["TLS 1.2 with a cipher that authenticates", { maxVersion: "TLSv1.2" }, true],
    [
      "TLS 1.2 with CBC",
      { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-SHA256:AES128-SHA" },
      false,
    ],
    ["TLS 1.1", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" }, false],
  ] as const)("%s: offered %s", async (_name, options, isOffered) => {
    const { hostname: host, port } = new URL(server.url);
    const socket = connect({ host, port: Number(port), ca: cert, ...options });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("secureConnect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    expect(isOpen).toBe(isOffered);
  });

  it("carries sockets", async () => {
    const token = JSON.parse((await ask("/auth/methods", null)).text) as unknown;
    expect(token).toEqual({ password: true, oidc: null });
    const socket = new WebSocket(`${server.url.replace("https", "wss")}/trpc?connectionParams=1`, {
      ca: cert,
    });
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    socket.terminate();
  });
});

describe("a server behind a proxy", () => {
  it("believes the proxy's own word on who calls, and nothing that stood there before", async () => {
    const server = await ServerProcess.start({ BATCHWATCH_BEHIND_PROXY: "1" });
    try {
      const guess = (forged: string) =>
        fetch(`${server.url}/auth/sign-in`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-forwarded-for": `${forged}, 192.0.2.1`,
          },
          body: JSON.stringify({ name: "operations", password: `guess from ${forged}` }),
        });
      const statuses: number[] = [];
      for (let host = 1; host <= 10; host += 1) {
        statuses.push((await guess(`203.0.113.${host}`)).status);
      }
      expect(statuses.at(0)).toBe(401);
      expect(statuses.at(-1)).toBe(429);
      const health = await fetch(`${server.url}/health`, {
        headers: { "x-forwarded-for": "127.0.0.1, 192.0.2.1" },
      });
      expect(health.headers.get("strict-transport-security")).toBe("max-age=31536000");
      expect(await health.text()).not.toContain("details");
    } finally {
      await server.remove();
    }
  });
});

/** The server's end when it does not even start: exit code and what it says. */
async function refusal(env: NodeJS.ProcessEnv): Promise<{ code: number; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-plain-"));
  const all = {
    ...process.env,
    BATCHWATCH_PORT: "0",
    BATCHWATCH_DATA_DIR: folder,
    ...env,
  };
  const { code, stderr } = await promisify(execFile)(process.execPath, [MAIN], { env: all }).then(
    () => ({ code: 0, stderr: "" }),
    (error: { code: number; stderr: string }) => error,
  );
  await rm(folder, { recursive: true, force: true });
  return { code, lines: stderr.trim().split("\n") };
}

describe("a server without a certificate", () => {
  it.each(["0.0.0.0", "::", "192.0.2.1"])(
    "does not listen on %s, and says what to set",
    async (host) => {
      const { code, lines } = await refusal({ BATCHWATCH_HOST: host });
      expect([code, lines.length]).toEqual([2, 1]);
      expect(lines[0]).toContain("BATCHWATCH_TLS_CERT");
    },
  );
});

describe("a server with an identity provider whose secret cannot be read", () => {
  it("does not start, and says which file", async () => {
    const { code, lines } = await refusal({
      BATCHWATCH_OIDC_ISSUER: "https://login.bank.example",
      BATCHWATCH_OIDC_CLIENT_ID: "batchwatch",
      BATCHWATCH_OIDC_CLIENT_SECRET_FILE: "/nowhere/secret",
    });
    expect(code).toBe(2);
    expect(lines.at(-1)).toContain("/nowhere/secret");
  });
});
