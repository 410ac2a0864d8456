import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { PlainRequest } from "./plain-request.ts";

/** Answers with method and body, and tells what it took for an upgrade. */
async function open() {
  const upgrades: string[] = [];
  const server = createServer({ IncomingMessage: PlainRequest }, (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => response.end(`<${request.method} ${body}>`));
  });
  server.on("upgrade", (request, socket) => {
    upgrades.push(request.headers.upgrade ?? "");
    socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  let received = "";
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString();
  });
  return { socket, upgrades, bodies: () => received.match(/<[^>]*>/g) ?? [] };
}

const H2C = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";

test("what asks for h2c is answered as if it had not, one request after the other", async () => {
  const { socket, upgrades, bodies } = await open();
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${H2C}Content-Length: 3\r\n\r\none`);
  await expect.poll(bodies).toEqual(["<POST one>"]);
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${H2C}\r\n`);
  await expect.poll(bodies).toEqual(["<POST one>", "<GET >"]);
  const chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n";
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${H2C}${chunked}`);
  await expect.poll(bodies).toEqual(["<POST one>", "<GET >", "<POST two>"]);
  expect(upgrades).toEqual([]);
});

test("a WebSocket is an upgrade, however it is written", async () => {
  const { socket, upgrades, bodies } = await open();
  socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n");
  await expect.poll(() => upgrades).toEqual(["WebSocket"]);
  expect(bodies()).toEqual([]);
});
