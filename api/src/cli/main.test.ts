import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Directory } from "../auth/directory.ts";
import { hashSecret } from "../auth/secrets.ts";
import { userByToken } from "../auth/test-user-by-token.ts";
import { COMMANDS } from "./commands.ts";
import { runCli } from "./main.ts";
import { withStores } from "./open-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchwatch-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a command line on a store of its own. */
async function cli(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, {
    env: { BATCHWATCH_DATA_DIR: folder },
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
  });
  return { code, out: out.join(""), err: err.join("") };
}

function lastJson(out: string): Record<string, string> {
  return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
}

describe("users and tokens", () => {
  test("a user, a token, and the server's directory knows both", async () => {
    const added = await cli(
      "user",
      "add",
      "--name",
      "Night desk",
      "--role",
      "on-call",
      "--team",
      "Payments",
      "--team",
      "Cards",
      "--json",
    );
    expect(added).toMatchObject({ code: 0, err: "" });
    const { id } = lastJson(added.out);
    const made = await cli("token", "create", "--user", id ?? "", "--ttl", "12h", "--json");
    expect(made).toMatchObject({ code: 0, err: "" });
    const token = lastJson(made.out)["token"] ?? "";
    await withStores({ BATCHWATCH_DATA_DIR: folder }, async (stores) => {
      const directory = new Directory(stores);
      await directory.refresh();
      const now = Date.now();
      expect(await userByToken(directory, token, now)).toMatchObject({
        userId: id,
        role: "on-call",
      });
      expect([...((await userByToken(directory, token, now))?.teamIds ?? [])].sort()).toEqual([
        "cards",
        "payments",
      ]);
      expect(await userByToken(directory, token, now + 11 * 3_600_000)).not.toBeNull();
      expect(await userByToken(directory, token, now + 13 * 3_600_000)).toBeNull();
    });
  });

  test("what one process writes, another's directory sees at its next look", async () => {
    await withStores({ BATCHWATCH_DATA_DIR: folder }, async (stores) => {
      const directory = new Directory(stores);
      await directory.refresh();
      const { key } = lastJson(
        (await cli("source", "add", "--contract", "native", "--name", "n", "--json")).out,
      );
      expect(directory.sourceByKey(key ?? "")).toBeNull();
      await directory.refresh();
      expect(directory.sourceByKey(key ?? "")).toMatchObject({ name: "n", contract: "native" });
    });
  });

  test("a sign-in link works once", async () => {
    await cli("user", "add", "--name", "Desk", "--role", "auditor");
    const linked = await cli("user", "link", "--name", "Desk");
    expect(linked.code).toBe(0);
    const code = new URL(linked.out.trimEnd().split("\n").at(-1) ?? "").hash.slice("#code=".length);
    await withStores({ BATCHWATCH_DATA_DIR: folder }, async ({ identity }) => {
      const user = await identity.useSignInCode(hashSecret(code), Date.now());
      expect((await identity.users()).find((one) => one.userId === user)?.name).toBe("Desk");
      expect(await identity.useSignInCode(hashSecret(code), Date.now())).toBeNull();
    });
  });

  test("a taken name fails in one line", async () => {
    await cli("user", "add", "--name", "Desk", "--role", "auditor");
    const again = await cli("user", "add", "--name", "Desk", "--role", "auditor");
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^batchwatch: [^\n]+\n$/);
  });

  test("a token for nobody fails and says how to make a user", async () => {
    const made = await cli("token", "create", "--user", "nobody", "--ttl", "1d");
    expect(made.code).toBe(1);
    expect(made.err).toContain("user add");
  });
});

describe("sources", () => {
  test("a source is added with its zone and team, and listed without its key", async () => {
    const added = await cli(
      "source",
      "add",
      "--contract",
      "openlineage",
      "--name",
      "spark",
      "--team",
      "Risk",
      "--environment",
      "UAT",
      "--zone",
      "Europe/Berlin",
      "--json",
    );
    expect(added).toMatchObject({ code: 0, err: "" });
    const { id, key } = lastJson(added.out);
    expect(key).toMatch(/^bws_[\w-]{43}$/);
    const listed = await cli("source", "list", "--json");
    expect(JSON.parse(listed.out)).toEqual([
      {
        id,
        name: "spark",
        contract: "openlineage",
        environment: "UAT",
        zone: "Europe/Berlin",
        team: "risk",
        paging: "WATCHING",
        lastSeenAt: null,
      },
    ]);
    expect(listed.out).not.toContain(key);
  });
});

describe("wrong usage exits 2 with one line that says what would be right", () => {
  test.each([
    [["user", "add", "--name", "x", "--role", "boss"], "operations-manager, team-lead"],
    [["user", "add", "--name", "x"], "--role is missing"],
    [["user", "add", "--name", " ", "--role", "auditor"], "--name is empty"],
    [["user", "add", "--name", "x", "--role", "auditor", "--team", "!!"], "a letter or a digit"],
    [["user", "ad"], "user add, user link"],
    [["sorce", "add"], "did you mean source add?"],
    [["zzzzzzzz"], "batchwatch help"],
    [["token", "create", "--user", "x", "--ttl", "forever"], "90d or 12h"],
    [["token", "create", "--user", "x", "--ttl", "9999d"], "at most 366d"],
    [["source", "add", "--name", "x", "--contract", "soap"], "native, openlineage"],
    [
      ["source", "add", "--name", "x", "--contract", "native", "--zone", "Mars/Base"],
      "Europe/Berlin",
    ],
    [["source", "add", "--name", "x", "--contract", "native", "--zone", "+02:00"], "Europe/Berlin"],
    [["source", "add", "--nmae", "x"], "did you mean --name?"],
    [["source", "add", "--name"], "--name"],
    [["source", "list", "extra"], '"extra" is not expected'],
    [["replay", "--contract", "native"], "The file is missing"],
    [["watchdog", "--every", "soon"], "90s or 10m"],
    [["watchdog", "--every", "2d"], "from 1s to 1h"],
    [["watchdog", "--url", "127.0.0.1:8080"], "such as http://127.0.0.1:8080"],
    [["watchdog", "--webhook-url", "https://h.example/x"], "--webhook-secret-file is missing"],
    [["watchdog", "--webhook-secret-file", "x"], "--webhook-url is missing"],
    [
      ["watchdog", "--webhook-url", "https://h.example/x", "--webhook-secret-file", "/dev/null"],
      "whsec_",
    ],
    [["watchdog", "--webhook-url", "ftp://h/x", "--webhook-secret-file", "x"], "such as https://"],
  ])("%j", async (argv, right) => {
    const { code, out, err } = await cli(...argv);
    expect(err).toContain(right);
    expect(err).toMatch(/^batchwatch: [^\n]+\n$/);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  test("the watchdog watches the server of the settings", async () => {
    const out: string[] = [];
    const code = await runCli(["watchdog", "--once"], {
      // Nothing listens on port 1.
      env: { BATCHWATCH_PORT: "1" },
      stdout: { write: (text) => out.push(text) },
      stderr: { write: () => true },
    });
    expect([code, out.join("")]).toEqual([1, expect.stringMatching(/^http:\/\/\S+:1: /)]);
  });

  test("a wrong setting", async () => {
    const err: string[] = [];
    const code = await runCli(["config"], {
      env: { BATCHWATCH_PORT: "http" },
      stdout: { write: () => true },
      stderr: { write: (text) => err.push(text) },
    });
    expect(code).toBe(2);
    expect(err.join("")).toContain("BATCHWATCH_PORT");
  });
});

describe("help", () => {
  test("lists every command", async () => {
    for (const word of ["help", "--help", "-h"]) {
      const { code, out } = await cli(word);
      expect(code).toBe(0);
      for (const command of COMMANDS) expect(out).toContain(command.sentence);
    }
  });

  test.each(COMMANDS.map((command) => command.name))("batchwatch %s --help", async (name) => {
    const { code, out } = await cli(...name.split(" "), "--help");
    expect(code).toBe(0);
    expect(out).toContain(`batchwatch ${name}`);
  });

  test("of a family lists its members", async () => {
    const { out } = await cli("user", "--help");
    expect(out).toContain("user link");
    expect(out).not.toContain("source add");
  });

  test("nothing at all is wrong usage, and --version is the manifest's", async () => {
    expect((await cli()).code).toBe(2);
    expect((await cli("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test("config prints every setting; migrate makes the store", async () => {
  const config = await cli("config", "--json");
  expect(lastJson(config.out)["BATCHWATCH_PORT"]).toBe("8080");
  expect((await cli("config")).out).toContain("* BATCHWATCH_DATA_DIR=");
  expect(await cli("migrate")).toMatchObject({ code: 0, err: "" });
});
