import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { KeepAlive } from "./keep-alive.ts";

async function client(listener: RequestListener): Promise<KeepAlive> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const keepAlive = new KeepAlive({
    url: `http://127.0.0.1:${port}`,
    path: "/in",
    headers: ["authorization: Bearer k"],
  });
  onTestFinished(() => {
    keepAlive.close();
    server.close();
  });
  return keepAlive;
}

test("a connection takes one answer after the other, in whatever pieces they come", async () => {
  const sockets = new Set<unknown>();
  const keepAlive = await client((request, response) => {
    sockets.add(request.socket);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = `${request.url} ${request.headers.authorization} ${Buffer.concat(chunks).toString()}`;
      response.writeHead(202, { "content-length": text.length });
      response.write(text.slice(0, 3));
      setImmediate(() => response.end(text.slice(3)));
    });
  });
  for (const body of ["[1]", "x".repeat(200_000)]) {
    const answer = await keepAlive.post(body);
    expect(answer).toEqual({ status: 202, text: `/in Bearer k ${body}`, retryAfter: null });
  }
  expect(sockets.size).toBe(1);
});

test("where the server closes the next one is opened; a refusal says when to come again", async () => {
  const sockets = new Set<unknown>();
  const keepAlive = await client((request, response) => {
    sockets.add(request.socket);
    request.resume().on("end", () => {
      response.writeHead(503, { connection: "close", "retry-after": "2", "content-length": 2 });
      response.end("no");
    });
  });
  for (let time = 0; time < 2; time += 1) {
    expect(await keepAlive.post("")).toEqual({ status: 503, text: "no", retryAfter: 2 });
  }
  expect(sockets.size).toBe(2);
});

test("a connection that ends without an answer is an error, and so is an answer without a length", async () => {
  const ended = await client((request) => request.socket.destroy());
  const chunked = await client((_request, response) => {
    response.write("a");
    response.end();
  });
  for (const keepAlive of [ended, chunked]) {
    await expect(keepAlive.post("[]")).rejects.toMatchObject({ code: "refused" });
  }
});
