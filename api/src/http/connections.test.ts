import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { expect, test } from "vitest";
import { API_LIMITS } from "../options.ts";
import { boundConnections } from "./connections.ts";

class Peer extends EventEmitter {
  readonly remoteAddress: string;
  destroyed = false;
  constructor(remoteAddress: string) {
    super();
    this.remoteAddress = remoteAddress;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit("close");
  }
}

function connect() {
  const server = new EventEmitter();
  boundConnections(server as unknown as Server, false);
  return (address: string) => {
    const peer = new Peer(address);
    server.emit("connection", peer);
    return peer;
  };
}

test("an IPv6 network of 64 bits has the connections of one address, whatever addresses it makes up", () => {
  const open = connect();
  const peers = Array.from({ length: API_LIMITS.connectionsPerAddress }, (_, n) =>
    open(`2001:db8:0:1::${n.toString(16)}`),
  );
  expect(peers.filter(({ destroyed }) => destroyed)).toEqual([]);
  expect(open("2001:db8:0:1:ffff::1").destroyed).toBe(true);
  expect(open("2001:db8:0:2::1").destroyed).toBe(false);
  peers[0]?.destroy();
  expect(open("2001:db8:0:1:ffff::2").destroyed).toBe(false);
});

test("addresses of version 4 are counted one by one, loopback is not", () => {
  const open = connect();
  for (let n = 0; n < API_LIMITS.connectionsPerAddress; n += 1) open("192.0.2.1");
  expect(open("192.0.2.1").destroyed).toBe(true);
  expect(open("192.0.2.2").destroyed).toBe(false);
  for (let n = 0; n <= API_LIMITS.connectionsPerAddress; n += 1) {
    expect(open("::1").destroyed).toBe(false);
  }
});
