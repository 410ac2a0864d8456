import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  describeSettings,
  isSecure,
  ownOriginsOf,
  publicUrlOf,
  readSettings,
  SETTINGS,
  SettingsError,
} from "./settings.ts";

/** The line that refuses these settings; null when they are accepted. */
function outcome(env: NodeJS.ProcessEnv): string | null {
  try {
    readSettings(env);
    return null;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

function refused(env: NodeJS.ProcessEnv): string {
  return outcome(env) ?? "It was accepted.";
}

describe("readSettings", () => {
  test("defaults need nothing", () => {
    expect(readSettings({ PATH: "/bin" })).toMatchObject({
      host: "127.0.0.1",
      port: 8080,
      publicUrl: null,
      dataDir: resolve("data"),
      databasePath: resolve("data/batchwatch.db"),
      updateIntervalMs: 5_000,
      maxConnections: 100,
      boardLimit: 10_000,
      jobsPerSource: 100_000,
      websocketEnabled: true,
      heartbeatIntervalMs: 30_000,
      allowedOrigins: [],
      behindProxy: false,
      alertsEnabled: true,
      notificationChannels: ["webpush"],
      pushSubject: null,
      pushAllowedHosts: [],
      webhookAllowedHosts: [],
      logLevel: "info",
      logNetworks: true,
      secretFile: null,
      withoutEffect: [],
    });
  });

  test.each(["BATCHWATCH_AUDIT_RETENTION_DAYS", "BATCHWATCH_INCIDENT_RETENTION_DAYS"])(
    "%s is a year at least: what an auditor asks about is that old",
    (name) => {
      expect(refused({ [name]: "364" })).toContain(name);
      expect(refused({ [name]: "364" })).toContain("365");
      expect(outcome({ [name]: "365" })).toBeNull();
      expect(outcome({ BATCHWATCH_METRICS_RETENTION_DAYS: "1" })).toBeNull();
    },
  );

  test("channels: what does not exist yet is accepted and said to be without effect; webhooks are always on", () => {
    const read = (channels: string) => readSettings({ BATCHWATCH_NOTIFICATION_CHANNELS: channels });
    expect(read("webpush, email,webhook,Email")).toMatchObject({
      notificationChannels: ["webpush", "email"],
      withoutEffect: ["email in BATCHWATCH_NOTIFICATION_CHANNELS"],
    });
    expect(read("none")).toMatchObject({ notificationChannels: [], withoutEffect: [] });
    expect(read("webpush").withoutEffect).toEqual([]);
  });

  test("allowed hosts are kept in the form that addresses are compared in", () => {
    const env = {
      BATCHWATCH_WEBHOOK_ALLOWED_HOSTS:
        "SIEM.bank.example, 0x7f000001:8443,[::0:1]:80, münchen.example",
    };
    expect(readSettings(env).webhookAllowedHosts).toEqual([
      "siem.bank.example",
      "127.0.0.1:8443",
      "[::1]:80",
      "xn--mnchen-3ya.example",
    ]);
  });

  test.each([
    "mailto:duty@bank.example",
    "https://batchwatch.bank.example",
    "https://batch.example.com/contact",
  ])("%s is a contact for push services", (subject) => {
    expect(readSettings({ BATCHWATCH_PUSH_SUBJECT: subject }).pushSubject).toBe(subject);
  });

  test("an empty variable is an unset one", () => {
    expect(readSettings({ BATCHWATCH_PORT: "" }).port).toBe(8080);
  });

  test("values are read", () => {
    const settings = readSettings({
      BATCHWATCH_PORT: "0",
      BATCHWATCH_DATA_DIR: "/var/lib/batchwatch",
      BATCHWATCH_WEBSOCKET_ENABLED: "false",
      BATCHWATCH_ALLOWED_ORIGINS: "https://a.example, https://b.example:8443",
      BATCHWATCH_PUBLIC_URL: "https://batch.example.com/",
    });
    expect(settings.port).toBe(0);
    expect(settings.databasePath).toBe("/var/lib/batchwatch/batchwatch.db");
    expect(settings.websocketEnabled).toBe(false);
    expect(settings.allowedOrigins).toEqual(["https://a.example", "https://b.example:8443"]);
    expect(settings.publicUrl).toBe("https://batch.example.com");
  });

  test.each([
    ["BATCHWATCH_PORT", "http"],
    ["BATCHWATCH_PORT", "65536"],
    ["BATCHWATCH_PORT", "-1"],
    ["BATCHWATCH_PORT", "1e3"],
    ["BATCHWATCH_SHARDS", "0"],
    ["BATCHWATCH_UPDATE_INTERVAL_MS", "10000"],
    ["BATCHWATCH_WEBSOCKET_ENABLED", "yes"],
    ["BATCHWATCH_PUBLIC_URL", "batch.example.com"],
    ["BATCHWATCH_PUBLIC_URL", "https://batch.example.com/monitor"],
    ["BATCHWATCH_PUBLIC_URL", "ftp://batch.example.com"],
    ["BATCHWATCH_ALLOWED_ORIGINS", "*"],
    ["BATCHWATCH_ALLOWED_ORIGINS", "https://a.example/x"],
    ["BATCHWATCH_DATABASE_URL", "mysql://db/x"],
    ["BATCHWATCH_DATABASE_URL", "sqlite:"],
    ["BATCHWATCH_ALERTS_ENABLED", "on"],
    ["BATCHWATCH_NOTIFICATION_CHANNELS", "pager"],
    ["BATCHWATCH_PUSH_SUBJECT", "mailto: duty@bank.example"],
    ["BATCHWATCH_PUSH_SUBJECT", "mailto:duty@localhost"],
    ["BATCHWATCH_PUSH_SUBJECT", "mailto:duty@host.local"],
    ["BATCHWATCH_PUSH_SUBJECT", "duty@bank.example"],
    ["BATCHWATCH_PUSH_SUBJECT", "https://10.0.0.1"],
    ["BATCHWATCH_PUSH_SUBJECT", "https://localhost:8443"],
    ["BATCHWATCH_PUSH_SUBJECT", "http://bank.example"],
    ["BATCHWATCH_PUSH_ALLOWED_HOSTS", "https://push.example"],
    ["BATCHWATCH_PUSH_ALLOWED_HOSTS", "*.example"],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "a.example/x"],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "a.example:0"],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "a.example:70000"],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "a.example."],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "u@a.example"],
    ["BATCHWATCH_WEBHOOK_ALLOWED_HOSTS", "[::1"],
  ])(
    "%s=%s is refused in one line that names it, the value, and what would be right",
    (name, value) => {
      const message = refused({ [name]: value });
      expect(message).toMatch(new RegExp(`^${name} is .*; it must be .+\\.$`));
      expect(message).toContain(JSON.stringify(value));
    },
  );

  test("other databases come later, and a password is not repeated", () => {
    const message = refused({ BATCHWATCH_DATABASE_URL: "postgres://batch:hunter2@db:5432/batch" });
    expect(message).toContain("comes later");
    expect(message).not.toContain("hunter2");
  });

  test("a store elsewhere", () => {
    expect(readSettings({ BATCHWATCH_DATABASE_URL: "sqlite:/srv/b.db" }).databasePath).toBe(
      "/srv/b.db",
    );
  });

  test("an unknown variable is refused with the nearest known one", () => {
    expect(refused({ BATCHWATCH_PROT: "1" })).toBe(
      "BATCHWATCH_PROT is not a setting; did you mean BATCHWATCH_PORT?",
    );
  });

  test("documented settings of later versions are accepted and said to be without effect", () => {
    const env = {
      BATCHWATCH_MAX_HISTORY_DAYS: "30",
      BATCHWATCH_CACHE_SECONDS: "30",
      BATCHWATCH_TEST_DATA: "/x",
    };
    expect(readSettings(env).withoutEffect).toEqual([
      "BATCHWATCH_CACHE_SECONDS",
      "BATCHWATCH_MAX_HISTORY_DAYS",
    ]);
  });

  test("every other setting is read somewhere: none is accepted and does nothing", () => {
    const root = new URL(".", import.meta.url);
    const code = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter(
        (path) => path.endsWith(".ts") && !/(^|\/)test-|\.test\.ts$|^settings-table/.test(path),
      )
      .map((path) => readFileSync(new URL(path, root), "utf8"))
      .join("\n")
      .replaceAll(/^ +(\w+): read\(SETTINGS\.\1, env\),$/gm, "");
    const unused = Object.keys(SETTINGS).filter(
      (key) =>
        !new RegExp(`\\b(settings|values)\\.${key}\\b|\\b${key}\\b.*\\} = settings;`).test(code),
    );
    expect(unused).toEqual([]);
  });

  test.each(["0.0.0.0", "10.0.0.1", "::", "batch.example.com", "127.0.0.1.evil.example"])(
    "listening on %s needs TLS or a proxy",
    (host) => {
      expect(refused({ BATCHWATCH_HOST: host })).toContain("BATCHWATCH_BEHIND_PROXY=1");
      const tls = { BATCHWATCH_TLS_CERT: "c.pem", BATCHWATCH_TLS_KEY: "k.pem" };
      expect(readSettings({ BATCHWATCH_HOST: host, ...tls }).host).toBe(host);
      expect(readSettings({ BATCHWATCH_HOST: host, BATCHWATCH_BEHIND_PROXY: "1" }).host).toBe(host);
    },
  );

  test.each(["127.0.0.1", "127.1.2.3", "::1", "localhost"])("%s is loopback", (host) => {
    expect(readSettings({ BATCHWATCH_HOST: host }).host).toBe(host);
  });

  test("half of TLS is refused", () => {
    expect(refused({ BATCHWATCH_TLS_CERT: "c.pem" })).toContain("BATCHWATCH_TLS_KEY is missing");
    expect(refused({ BATCHWATCH_TLS_KEY: "k.pem" })).toContain("BATCHWATCH_TLS_CERT is missing");
  });

  test("an identity provider needs its issuer and our id, and TLS unless it is on this machine", () => {
    const id = { BATCHWATCH_OIDC_CLIENT_ID: "batchwatch" };
    const read = (issuer: string) => readSettings({ ...id, BATCHWATCH_OIDC_ISSUER: issuer });
    expect(read("https://login.bank.example/realms/x/")).toMatchObject({
      // As it names itself, to the last stroke.
      oidcIssuer: "https://login.bank.example/realms/x/",
      oidcClientId: "batchwatch",
      oidcClientSecretFile: null,
    });
    expect(read("http://127.0.0.1:9000").oidcIssuer).toBe("http://127.0.0.1:9000");
    expect(refused(id)).toContain("BATCHWATCH_OIDC_ISSUER is missing");
    expect(refused({ BATCHWATCH_OIDC_ISSUER: "https://x.example" })).toContain(
      "BATCHWATCH_OIDC_CLIENT_ID is missing",
    );
    for (const issuer of ["http://login.bank.example", "https://x.example/?a=1", "x.example"]) {
      expect(refused({ ...id, BATCHWATCH_OIDC_ISSUER: issuer })).toContain("an https address");
    }
  });

  test("any text for any setting is either read or refused by name in one line", () => {
    const names = Object.values(SETTINGS).map((setting) => setting.name);
    assert(
      property(constantFrom(...names), string({ minLength: 1 }), (name, value) => {
        const message = outcome({ [name]: value });
        expect(message === null || /^BATCHWATCH_\w+ [^\n]+$/.test(message)).toBe(true);
      }),
    );
  });
});

describe("addresses", () => {
  test("the public address is the one set, else the one listened on", () => {
    expect(publicUrlOf(readSettings({ BATCHWATCH_PORT: "0" }), 4711)).toBe("http://127.0.0.1:4711");
    expect(publicUrlOf(readSettings({ BATCHWATCH_HOST: "::1" }))).toBe("http://[::1]:8080");
    const set = readSettings({ BATCHWATCH_PUBLIC_URL: "https://b.example" });
    expect(publicUrlOf(set)).toBe("https://b.example");
    expect(ownOriginsOf(set)).toEqual(["https://b.example", "http://127.0.0.1:8080"]);
  });

  test("https is known from TLS or a proxy", () => {
    expect(isSecure(readSettings({}))).toBe(false);
    expect(isSecure(readSettings({ BATCHWATCH_BEHIND_PROXY: "1" }))).toBe(true);
  });
});

test("every setting is described once, with what was given marked", () => {
  const rows = describeSettings(readSettings({ BATCHWATCH_PORT: "9000" }));
  expect(rows.map((row) => row.name)).toEqual(Object.values(SETTINGS).map((one) => one.name));
  expect(rows.filter((row) => row.given).map((row) => `${row.name}=${row.value}`)).toEqual([
    "BATCHWATCH_PORT=9000",
  ]);
  for (const row of rows) expect(row.sentence).toMatch(/^[A-Z].+\.$/);
});
