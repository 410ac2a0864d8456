import type { JobAlias, PairedDevice, StoredSession, StoredToken, User } from "@batchwatch/engine";
import { describe, expect, test } from "vitest";
import { Directory, type DirectoryStores, type KnownSource } from "./directory.ts";
import { hashSecret, newSourceKey, newToken } from "./secrets.ts";
import { userByToken } from "./test-user-by-token.ts";

const USER: User = { userId: "u1", name: "Night shift", role: "on-call", teamIds: ["payments"] };
const NOW = 1_000_000;
const SOURCE: KnownSource = {
  sourceId: "s1",
  name: "nightly",
  contract: "native",
  environment: "PROD",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: [],
  pagingMode: "WATCHING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
  keyHash: "",
  lastSeenAt: null,
};

/** A store in memory that counts its reads; `change` moves the version as any real write does. */
class FakeStore {
  version = 1;
  reads = 0;
  users: User[] = [USER];
  tokens: StoredToken[] = [];
  sessions: StoredSession[] = [];
  devices: PairedDevice[] = [];
  sources: KnownSource[] = [];
  aliases: JobAlias[] = [];
  exceptions: { sourceId: string; field: string; kinds: readonly string[] }[] = [];
  failing = false;

  change(write: () => void): void {
    write();
    this.version++;
  }

  token(token: string, expiresAt = NOW + 1_000): void {
    const stored = {
      tokenHash: hashSecret(token),
      userId: "u1",
      kind: "bearer",
      expiresAt,
    } as const;
    this.change(() => this.tokens.push(stored));
  }

  stores(): DirectoryStores {
    const read = async <T>(value: () => T): Promise<T> => {
      if (this.failing) throw new Error("The store is away.");
      return value();
    };
    const rows = <T>(value: () => T) => {
      this.reads++;
      return read(value);
    };
    return {
      identity: {
        version: () => read(() => this.version),
        users: () => rows(() => [...this.users]),
        tokens: (now: number) => rows(() => this.tokens.filter((one) => one.expiresAt > now)),
      },
      sessions: {
        all: (now: number) => rows(() => this.sessions.filter((one) => one.expiresAt > now)),
        devices: () => rows(() => [...this.devices]),
      },
      sources: { all: () => rows(() => [...this.sources]) },
      settings: { aliases: () => rows(() => [...this.aliases]) },
      approvals: { maskingExceptions: () => rows(() => [...this.exceptions]) },
    };
  }
}

function setUp() {
  const store = new FakeStore();
  return { store, directory: new Directory(store.stores(), { now: () => NOW }) };
}

describe("Directory", () => {
  test("knows a token until it expires", async () => {
    const { store, directory } = setUp();
    const token = newToken();
    store.token(token);
    await directory.refresh();
    expect(await userByToken(directory, token, NOW)).toEqual(USER);
    expect(await userByToken(directory, token, NOW + 999)).toEqual(USER);
    expect(await userByToken(directory, token, NOW + 1_000)).toBeNull();
    expect(directory.token(hashSecret(token), NOW + 1_000)).toBeNull();
  });

  test("knows a session and a paired device until they end by themselves, or are ended", async () => {
    const { store, directory } = setUp();
    const session = { sessionId: "s1", userId: "u1", expiresAt: NOW + 10 } as StoredSession;
    const device = { deviceId: "d1", userId: "u1", goodUntil: NOW + 10 } as PairedDevice;
    store.change(() => {
      store.sessions.push(session);
      store.devices.push(device);
    });
    expect(directory.session("s1", NOW)).toBeNull();
    await directory.refresh();
    expect(directory.session("s1", NOW + 9)).toBe(session);
    expect(directory.session("s1", NOW + 10)).toBeNull();
    expect(directory.session("d1", NOW)).toBeNull();
    expect(directory.device("d1", NOW + 9)).toBe(device);
    expect(directory.device("d1", NOW + 10)).toBeNull();
    store.change(() => {
      store.sessions = [];
      store.devices = [];
    });
    await directory.refresh();
    expect(directory.session("s1", NOW)).toBeNull();
    expect(directory.device("d1", NOW)).toBeNull();
  });

  test("unknown and malformed secrets read nothing from the store", async () => {
    const { store, directory } = setUp();
    await directory.refresh();
    const before = store.reads;
    for (const guess of [newToken(), "", "bw_", "x".repeat(100_000), newSourceKey()]) {
      expect(await userByToken(directory, guess, NOW)).toBeNull();
      expect(directory.sourceByKey(guess)).toBeNull();
    }
    expect(store.reads).toBe(before);
  });

  test("reloads only when the version moved", async () => {
    const { store, directory } = setUp();
    await directory.refresh();
    const before = store.reads;
    await directory.refresh();
    expect(store.reads).toBe(before);
    store.token(newToken());
    await directory.refresh();
    expect(store.reads).toBeGreaterThan(before);
  });

  test("a revoked token is refused and listeners hear of it", async () => {
    const { store, directory } = setUp();
    const token = newToken();
    store.token(token);
    await directory.refresh();
    const heard: boolean[] = [];
    const end = directory.onChange(() =>
      heard.push(directory.token(hashSecret(token), NOW) !== null),
    );
    store.change(() => (store.tokens = []));
    await directory.refresh();
    expect(heard).toEqual([false]);
    expect(await userByToken(directory, token, NOW)).toBeNull();
    end();
    store.token(newToken());
    await directory.refresh();
    expect(heard).toHaveLength(1);
  });

  test("a token whose user is gone is refused", async () => {
    const { store, directory } = setUp();
    const token = newToken();
    store.token(token);
    store.change(() => (store.users = []));
    await directory.refresh();
    expect(await userByToken(directory, token, NOW)).toBeNull();
  });

  test("finds a source by its key", async () => {
    const { store, directory } = setUp();
    const key = newSourceKey();
    const source = { ...SOURCE, keyHash: hashSecret(key) };
    store.change(() => store.sources.push(source));
    await directory.refresh();
    expect(directory.sourceByKey(key)).toMatchObject({ sourceId: "s1" });
    expect(directory.sourceByKey(newSourceKey())).toBeNull();
    expect(directory.sources()).toHaveLength(1);
  });

  test("knows the names of each source's jobs that a rename made", async () => {
    const { store, directory } = setUp();
    await directory.refresh();
    expect(directory.aliasesOf("s1")).toBeUndefined();
    const alias = (sourceId: string, aliasId: string) => ({
      sourceId,
      aliasId,
      jobId: "old",
      since: 1,
    });
    store.change(() => store.aliases.push(alias("s1", "new"), alias("s2", "other")));
    await directory.refresh();
    expect(directory.aliasesOf("s1")).toEqual(new Map([["new", "old"]]));
    expect(directory.aliases()).toHaveLength(2);
  });

  test("knows which fields of each source keep what, and that an exception was taken back", async () => {
    const { store, directory } = setUp();
    await directory.refresh();
    expect(directory.keepsOf("s1")).toBeUndefined();
    const exception = { sourceId: "s1", field: "contactMail", kinds: ["email"] };
    store.change(() => store.exceptions.push(exception, { ...exception, field: "tel", kinds: [] }));
    await directory.refresh();
    expect(directory.keepsOf("s1")).toEqual(new Map([["contactMail", ["email"]]]));
    expect(directory.keepsOf("s2")).toBeUndefined();
    store.change(() => (store.exceptions = []));
    await directory.refresh();
    expect(directory.keepsOf("s1")).toBeUndefined();
  });

  test("keeps the last known state while the store is away", async () => {
    const { store, directory } = setUp();
    const token = newToken();
    store.token(token);
    await directory.refresh();
    store.failing = true;
    await expect(directory.refresh()).rejects.toThrow("away");
    expect(await userByToken(directory, token, NOW)).toEqual(USER);
    store.failing = false;
    store.change(() => (store.tokens = []));
    await directory.refresh();
    expect(await userByToken(directory, token, NOW)).toBeNull();
  });

  test("a write made while a refresh runs is known after the caller's own refresh", async () => {
    const { store, directory } = setUp();
    const running = directory.refresh();
    const token = newToken();
    store.token(token);
    await directory.refresh();
    await running;
    expect(await userByToken(directory, token, NOW)).toEqual(USER);
  });
});
