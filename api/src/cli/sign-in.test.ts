import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Directory } from "../auth/directory.ts";
import { Passwords } from "../auth/passwords.ts";
import { userByToken } from "../auth/test-user-by-token.ts";
import { runCli } from "./main.ts";
import { withStores } from "./open-store.ts";

const ISSUER = "https://login.bank.example";
const PASSWORD = "four words that stay";
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "batchwatch-cli-"));
  await cli("user add --name Ops --role on-call");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function cli(
  words: string | readonly string[],
  input: string | null = null,
  env: NodeJS.ProcessEnv = {},
) {
  let out = "";
  let err = "";
  const code = await runCli(typeof words === "string" ? words.split(" ") : words, {
    env: { BATCHWATCH_DATA_DIR: folder, ...env },
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    ...(input === null ? {} : { stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]) }),
  });
  return { code, out, err };
}

const stores = <T>(use: Parameters<typeof withStores<T>>[1]) =>
  withStores({ BATCHWATCH_DATA_DIR: folder }, use);

test("a password is one line of input; it ends what there is of the user, and is in no answer", async () => {
  const user = await stores(async ({ identity, sessions }) => {
    const [ops] = await identity.users();
    const { userId = "" } = ops ?? {};
    const now = Date.now();
    const times = { createdAt: now, lastUsedAt: now, expiresAt: now + 60_000 };
    const session = { sessionId: "s1", userId, label: "x", method: "code", ...times } as const;
    await sessions.add(session, "h1", { at: now, method: "code" });
    return userId;
  });
  const { code, out, err } = await cli("user password --name Ops", `${PASSWORD}\nsecond line\n`);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toBe("The password of Ops is set; ended: 1 session.\n");
  await stores(async ({ sessions }) => {
    expect(await sessions.all(Date.now())).toEqual([]);
    const stored = await sessions.passwordOf("Ops");
    expect(stored?.userId).toBe(user);
    expect(await new Passwords().check(stored?.hash ?? null, PASSWORD)).toBe(true);
    expect(await new Passwords().check(stored?.hash ?? null, "second line")).toBe(false);
  });
});

test.each([
  ["user password --name Ops", "short\n", 1, "at least 12"],
  ["user password --name Ops", "passwordpassword\n", 1, "tried first"],
  ["user password --name Ops", "\n", 1, "The password is empty"],
  ["user password --name Ops", "", 1, "The password is empty"],
  ["user password --name Ops", null, 1, "no input"],
  ["user password --name Nobody", `${PASSWORD}\n`, 1, 'There is no user "Nobody"'],
  ["user password", `${PASSWORD}\n`, 2, "--name is missing"],
  [`user password --name Ops ${PASSWORD}`, null, 2, "is not expected"],
  ["user password --name Ops --password x", null, 2, "--password is not an option"],
  ["user oidc --name Ops --subject s", null, 1, "set BATCHWATCH_OIDC_ISSUER"],
  ["user oidc --name Ops", null, 2, "--subject is missing"],
  ["token revoke", null, 2, "--user is missing"],
])("%s < %j: exit code %i, %s", async (words, input, code, said) => {
  const answer = await cli(words, input);
  expect([answer.code, answer.out]).toEqual([code, ""]);
  expect(answer.err).toContain(said);
  expect(answer.err.trim().split("\n")).toHaveLength(1);
});

test("a user is linked to a subject of the provider that is set, and to another in its place", async () => {
  const env = { BATCHWATCH_OIDC_ISSUER: ISSUER, BATCHWATCH_OIDC_CLIENT_ID: "batchwatch" };
  for (const subject of ["emp-1", "emp-2"]) {
    const { code, err } = await cli(`user oidc --name Ops --subject ${subject}`, null, env);
    expect([code, err]).toEqual([0, ""]);
  }
  await cli("user add --name Second --role on-call");
  const taken = await cli("user oidc --name Second --subject emp-2", null, env);
  expect([taken.code, taken.err]).toEqual([
    1,
    "batchwatch: subject: it is linked to another user.\n",
  ]);
  await stores(async ({ sessions, identity }) => {
    const ops = (await identity.users()).find(({ name }) => name === "Ops");
    expect(await sessions.userOfSubject(ISSUER, "emp-1")).toBeNull();
    expect(await sessions.userOfSubject(ISSUER, "emp-2")).toBe(ops?.userId);
  });
});

test("every token of a user is revoked, nobody else's", async () => {
  await cli("user add --name Second --role on-call");
  const tokenOf = async (name: string) => {
    const { out } = await cli(`token create --user ${name} --ttl 1h --json`);
    return (JSON.parse(out) as { token: string }).token;
  };
  const [one, two, other] = [await tokenOf("Ops"), await tokenOf("Ops"), await tokenOf("Second")];
  const { out } = await cli("token revoke --user Ops --json");
  expect(JSON.parse(out)).toEqual({ revoked: 2 });
  await stores(async (all) => {
    const directory = new Directory(all);
    await directory.refresh();
    expect(await userByToken(directory, one, Date.now())).toBeNull();
    expect(await userByToken(directory, two, Date.now())).toBeNull();
    expect(await userByToken(directory, other, Date.now())).not.toBeNull();
  });
});

test("the key is changed, and what was sealed opens with the file as it is then", async () => {
  const url = "https://192.0.2.1/hook";
  const env = { BATCHWATCH_WEBHOOK_ALLOWED_HOSTS: "192.0.2.1" };
  expect((await cli(`webhook add --name desk --url ${url}`, null, env)).code).toBe(0);
  const answers = [await cli("keys rotate --json"), await cli("keys rotate --json")];
  const [first, second] = answers.map(({ out }) => JSON.parse(out) as { keyId: string });
  expect(first).toMatchObject({ resealed: 1, resumed: false });
  expect(second?.keyId).not.toBe(first?.keyId);
  await withStores({ BATCHWATCH_DATA_DIR: folder }, async ({ receivers }, { seal }) => {
    expect(seal.keyIds).toHaveLength(3);
    expect(seal.keyId).toBe(second?.keyId);
    const [webhook] = await receivers.webhooks();
    const opened = seal.open(`webhook:${webhook?.webhookId}`, webhook?.sealedSecret ?? "");
    expect(JSON.parse(opened)).toMatchObject({ url });
  });
});

test("a way in from the host says what it takes from somebody whose first link another person had fetched [EYES-2]", async () => {
  const ways = [
    ["user link --name Newcomer", null],
    ["user password --name Newcomer", `${PASSWORD}\n`],
    ["user oidc --name Newcomer --subject abc", null],
  ] as const;
  const env = { BATCHWATCH_OIDC_ISSUER: ISSUER, BATCHWATCH_OIDC_CLIENT_ID: "bw" };
  for (const [words, input] of ways) {
    const name = `Newcomer ${words.split(" ")[1]}`;
    await letIn(name);
    const given = words.split(" ").map((word) => (word === "Newcomer" ? name : word));
    const first = await cli(given, input, env);
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out).toContain(`Somebody else had fetched ${name}'s first link: password`);
    expect((await cli(given, input, env)).out).not.toContain("Somebody else");
    const help = await cli(`${words.split(" ", 2).join(" ")} --help`);
    expect(help.out).toContain("also takes away what they could have set up");
  }
});

/** Added by an administrator on the page, who then fetches the link. */
async function letIn(name: string): Promise<void> {
  await stores(async ({ approvals, identity }) => {
    const now = Date.now();
    const admin = await identity.addUser(`Who added ${name}`, "administrator", [], now);
    const by = { userId: admin.userId, name: admin.name };
    const payload = { name, role: "on-call", teamNames: [] } as const;
    const how = { mode: "two-people", reason: "", takesBack: null } as const;
    const { request } = await approvals.propose({ kind: "user-add", payload }, by, how, now);
    await approvals.collect(request?.requestId ?? "", `link of ${name}`, now + 60_000, by, now);
  });
}
