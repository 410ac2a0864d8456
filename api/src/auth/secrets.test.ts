import { expect, test } from "vitest";
import {
  hashSecret,
  looksLikeSourceKey,
  looksLikeToken,
  newSignInCode,
  newSourceKey,
  newToken,
  signInLink,
} from "./secrets.ts";

test("tokens and keys have their own forms and are never repeated", () => {
  expect(looksLikeToken(newToken())).toBe(true);
  expect(looksLikeSourceKey(newSourceKey())).toBe(true);
  expect(looksLikeToken(newSourceKey())).toBe(false);
  expect(looksLikeSourceKey(newToken())).toBe(false);
  expect(new Set(Array.from({ length: 1_000 }, newToken)).size).toBe(1_000);
});

test("a sign-in code holds 128 bits", () => {
  expect(Buffer.from(newSignInCode(), "base64url")).toHaveLength(16);
});

test("the hash is SHA-256 in hex", () => {
  expect(hashSecret("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("the code is in the link's fragment, which browsers keep to themselves", () => {
  const link = new URL(signInLink("https://batch.example.com", "abc"));
  expect(link.hash).toBe("#code=abc");
  expect(link.search).toBe("");
});
