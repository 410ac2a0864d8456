import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { newWebhookSecret, signedHeaders } from "./standard-webhook.ts";

type Verify = (secret: string, headers: Record<string, string>, body: string) => boolean;

/** The lines of the README that receivers copy. */
async function published(): Promise<Verify> {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const module: { isFromBatchwatch: Verify } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  );
  return module.isFromBatchwatch;
}

test("the lines in the README take our signatures and nothing else", async () => {
  const verify = await published();
  const secret = newWebhookSecret();
  const body = '{"type":"incident.page","data":{"title":"Zahlläufe ✓"}}';
  const headers = signedHeaders(secret, "n-1", Date.now(), Buffer.from(body));
  const sign = (more: Record<string, string>) => ({ ...headers, ...more });
  expect(verify(secret, headers, body)).toBe(true);
  const rotated = sign({ "webhook-signature": `v1,AAAA ${headers["webhook-signature"]}` });
  expect(verify(secret, rotated, body)).toBe(true);
  expect(verify(secret, headers, `${body} `)).toBe(false);
  expect(verify(newWebhookSecret(), headers, body)).toBe(false);
  expect(verify(secret, sign({ "webhook-id": "n-2" }), body)).toBe(false);
  expect(verify(secret, sign({ "webhook-signature": "" }), body)).toBe(false);
  expect(verify(secret, {}, body)).toBe(false);
  for (const ms of [-600_000, 600_000]) {
    const old = signedHeaders(secret, "n-1", Date.now() + ms, Buffer.from(body));
    expect(verify(secret, old, body)).toBe(false);
  }
});
