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

const { connectionsPerAddress, networkTimes } = API_LIMITS;

test("an IPv6 network of 64 bits has the connections of a few addresses, whatever addresses it makes up", () => {
  const open = connect();
  const one = Array.from({ length: connectionsPerAddress }, () => open("2001:db8:0:1::1"));
  expect(open("2001:db8:0:1::1").destroyed).toBe(true);
  const peers = Array.from({ length: connectionsPerAddress * (networkTimes - 1) }, (_, n) =>
    open(`2001:db8:0:1::${(n + 2).toString(16)}`),
  );
  expect(one.filter(({ destroyed }) => destroyed)).toEqual([]);
  expect(peers.filter(({ destroyed }) => destroyed)).toEqual([]);
  expect(open("2001:db8:0:1:ffff::1").destroyed).toBe(true);
  expect(open("2001:db8:0:2::1").destroyed).toBe(false);
  peers[0]?.destroy();
  expect(open("2001:db8:0:1:ffff::2").destroyed).toBe(false);
});

test.each(["fd00:0:0:1::", "fc00::", "fe80::"])(
  "in a network inside, %s, each address has its own",
  (network) => {
    const open = connect();
    const peers = Array.from({ length: connectionsPerAddress * networkTimes + 1 }, (_, n) =>
      open(`${network}${(n + 1).toString(16)}`),
    );
    expect(peers.filter(({ destroyed }) => destroyed)).toEqual([]);
    for (let n = 1; n < connectionsPerAddress; n += 1) open(`${network}1`);
    expect(open(`${network}1`).destroyed).toBe(true);
  },
);

test("addresses of version 4 are counted one by one, loopback is not", () => {
  const open = connect();
  for (let n = 0; n < connectionsPerAddress; n += 1) open("192.0.2.1");
  expect(open("192.0.2.1").destroyed).toBe(true);
  expect(open("192.0.2.2").destroyed).toBe(false);
  for (let n = 0; n <= connectionsPerAddress; n += 1) {
    expect(open("::1").destroyed).toBe(false);
  }
});
