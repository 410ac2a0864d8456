import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStores } from "@batchwatch/db";
import type { Stores, User } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import Fastify, { type FastifyInstance } from "fastify";
import { onTestFinished } from "vitest";
import { auditKeyOf } from "./auth/audit-key.ts";
import { Directory } from "./auth/directory.ts";
import { Passwords } from "./auth/passwords.ts";
import { Seal } from "./auth/seal.ts";
import { hashSecret, newSignInCode } from "./auth/secrets.ts";
import { authRoutes } from "./http/auth-routes.ts";
import { type Auth, makeAuth } from "./make-auth.ts";
import { readSettings } from "./settings.ts";

export const PASSWORD = "four words that stay";
export const ORIGIN = "http://127.0.0.1:8080";

/** The sign-in of a server on a store of its own, with a clock that tests move. */
export class AuthWorld {
  readonly stores: Stores;
  readonly directory: Directory;
  readonly auth: Auth;
  readonly app: FastifyInstance;
  readonly user: User;
  readonly path: string;
  readonly #clock: { at: number };

  private constructor(
    parts: Pick<AuthWorld, "stores" | "directory" | "auth" | "app" | "user" | "path">,
    clock: { at: number },
  ) {
    this.stores = parts.stores;
    this.directory = parts.directory;
    this.auth = parts.auth;
    this.app = parts.app;
    this.user = parts.user;
    this.path = parts.path;
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.at;
  }

  set now(at: number) {
    this.#clock.at = at;
  }

  static async open(env: NodeJS.ProcessEnv = {}): Promise<AuthWorld> {
    const folder = await mkdtemp(join(tmpdir(), "batchwatch-auth-"));
    const path = join(folder, "store.db");
    const seal = new Seal(randomBytes(32));
    const opened = await openStores({
      path,
      auditKey: auditKeyOf(seal),
      joinSummaries: () => {
        throw new Error("nothing to join");
      },
    });
    const { stores } = opened;
    const clock = { at: Date.now() };
    const now = () => clock.at;
    const directory = new Directory(stores, { now });
    const logger = { info: fail, warn: fail, error: fail, fatal: fail };
    const auth = await makeAuth({
      settings: readSettings(env),
      seal,
      stores,
      directory,
      port: () => 8080,
      logger,
      now,
    });
    const app = Fastify({ logger: false });
    await app.register(async (scope) => authRoutes(scope, auth.routes));
    onTestFinished(async () => {
      await app.close();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    });
    const user = await stores.identity.addUser("Duty Operator", "on-call", ["Lending"], 1);
    await directory.refresh();
    return new AuthWorld({ stores, directory, auth, app, user, path }, clock);
  }

  async code(userId: string = this.user.userId): Promise<string> {
    const code = newSignInCode();
    const { identity } = this.stores;
    await identity.addSignInCode(hashSecret(code), userId, this.now + 60_000, this.now);
    return code;
  }

  async setPassword(password: string = PASSWORD, userId: string = this.user.userId): Promise<void> {
    const hash = await new Passwords().hash(password);
    await this.stores.sessions.setPassword(userId, hash, "host", this.now);
  }

  async post(
    url: string,
    body: object = {},
    headers: Readonly<Record<string, string>> = {},
    remoteAddress = "127.0.0.1",
  ): Promise<Answer> {
    const response = await this.app.inject({
      method: "POST",
      url,
      headers: { "user-agent": "Firefox/140.0 (X11; Linux)", ...headers },
      payload: body,
      remoteAddress,
    });
    const set = response.headers["set-cookie"];
    const cookies = (Array.isArray(set) ? set : [set ?? ""]).map((one) => one.split(";")[0] ?? "");
    return {
      status: response.statusCode,
      body: response.json() as Answer["body"],
      cookie: cookies.find((one) => one.startsWith("batchwatch-refresh=")) ?? null,
      retryAfter: Number(response.headers["retry-after"] ?? 0),
    };
  }

  /** A browser that has just signed in. */
  async signIn(
    userId: string = this.user.userId,
  ): Promise<{ accessToken: string; cookie: string }> {
    const { body, cookie } = await this.post("/auth/sign-in", { code: await this.code(userId) });
    return { accessToken: body.accessToken ?? "", cookie: cookie ?? "" };
  }

  refresh(cookie: string): Promise<Answer> {
    return this.post("/auth/refresh", {}, { cookie });
  }

  /** The audit trail on disk, oldest first: actor, action and detail. */
  trail(): readonly TrailRow[] {
    const file = new Sqlite(this.path, { readonly: true });
    try {
      return file
        .prepare(
          "select actor_id actorId, action, subject_id subjectId, detail from audit_record order by seq",
        )
        .all() as readonly TrailRow[];
    } finally {
      file.close();
    }
  }
}

export interface TrailRow {
  readonly actorId: string;
  readonly action: string;
  readonly subjectId: string | null;
  /** JSON. */
  readonly detail: string;
}

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly accessToken?: string;
    readonly expiresAt?: string;
    readonly code?: string;
    readonly message?: string;
  };
  /** `name=value`; null: none was set. Empty value: it was taken away. */
  readonly cookie: string | null;
  readonly retryAfter: number;
}

function fail(context: object, words?: string): never {
  throw new Error(`${words ?? ""} ${JSON.stringify(context)}`);
}
