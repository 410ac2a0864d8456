import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { BusyError } from "./hash-slots.ts";
import { Passwords } from "./passwords.ts";

const PASSWORD = "four words that stay";

test("argon2id with the parameters of the options, another salt each time", async () => {
  const passwords = new Passwords();
  const [one, two] = await Promise.all([passwords.hash(PASSWORD), passwords.hash(PASSWORD)]);
  const { hashMemoryKib, hashPasses } = API_LIMITS;
  expect(one.startsWith(`$argon2id$v=19$m=${hashMemoryKib},t=${hashPasses},p=1$`)).toBe(true);
  expect(one).not.toBe(two);
  expect(await passwords.check(one, PASSWORD)).toBe(true);
  expect(await passwords.check(one, `${PASSWORD} `)).toBe(false);
  expect(await passwords.check(two, "")).toBe(false);
});

test("a letter is the same however a keyboard writes it", async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash("u\u0308ber vier Worte");
  expect(await passwords.check(hash, "\u00FCber vier Worte")).toBe(true);
});

test("for nobody the answer is no, after as much work as for anybody", async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash(PASSWORD);
  await passwords.prepare();
  const timeOf = async (stored: string | null) => {
    const start = performance.now();
    for (let count = 0; count < 5; count += 1) {
      expect(await passwords.check(stored, "another one")).toBe(false);
    }
    return performance.now() - start;
  };
  const [somebody, nobody] = [await timeOf(hash), await timeOf(null)];
  // Without the work it would be some thousand times less.
  expect(nobody).toBeGreaterThan(somebody / 4);
});

test("more at once than may wait are refused, and those that wait are answered", async () => {
  const passwords = new Passwords();
  const hash = await passwords.hash(PASSWORD);
  const most = API_LIMITS.hashesAtOnce + API_LIMITS.hashesWaiting;
  const all = await Promise.allSettled(
    Array.from({ length: most + 5 }, () => passwords.check(hash, PASSWORD)),
  );
  const refused = all.filter((one) => one.status === "rejected");
  expect(refused).toHaveLength(5);
  expect(refused.every((one) => one.reason instanceof BusyError)).toBe(true);
});
