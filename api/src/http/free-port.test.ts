import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { requireFreePort } from "./free-port.ts";

test("a port that somebody listens on is refused in words, and taken once it is free", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await expect(requireFreePort("127.0.0.1", port)).rejects.toThrow(
    `BATCHWATCH_HOST and BATCHWATCH_PORT: 127.0.0.1:${port} is in use`,
  );
  other.close();
  await once(other, "close");
  await requireFreePort("127.0.0.1", port);
  await requireFreePort("127.0.0.1", port);
});

test("an address of another machine is refused in words", async () => {
  await expect(requireFreePort("192.0.2.1", 0)).rejects.toThrow("is no address of this machine");
});
