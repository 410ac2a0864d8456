import { BlockList, isIP, type LookupFunction } from "node:net";

/** IPv6 beyond this is not handed out to anybody (RFC 4291 §2.4). */
const HANDED_OUT = blockList([["2000::", 3, "ipv6"]]);

/** Special ranges inside of what is handed out (IANA special-purpose address registries). */
const SPECIAL = blockList([
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.0.0.0", 24, "ipv4"],
  ["192.0.2.0", 24, "ipv4"],
  ["192.31.196.0", 24, "ipv4"],
  ["192.52.193.0", 24, "ipv4"],
  ["192.88.99.0", 24, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["192.175.48.0", 24, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["198.51.100.0", 24, "ipv4"],
  ["203.0.113.0", 24, "ipv4"],
  ["224.0.0.0", 3, "ipv4"],
  ["2001::", 23, "ipv6"],
  ["2001:db8::", 32, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["2620:4f:8000::", 48, "ipv6"],
  ["3fff::", 20, "ipv6"],
]);

function blockList(subnets: readonly (readonly [string, number, "ipv4" | "ipv6"])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of subnets) list.addSubnet(net, prefix, family);
  return list;
}

/** Whether an IP address can belong to somebody on the internet; false for anything that is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  // A zone (fe80::1%eth0) only makes sense on a link.
  if (version === 0 || address.includes("%")) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (version === 6 && !HANDED_OUT.check(address, family)) return false;
  return !SPECIAL.check(address, family);
}

/** What a guarded look-up fails with. */
export class PrivateAddressError extends Error {
  readonly code = "private_address";
}

/** A look-up that fails when any address of a name is not public: whichever is connected to in the end, it is one of these. */
export function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      const isFine = error !== null || addresses.every(isPublicAddress);
      done(isFine ? error : new PrivateAddressError(`${hostname} is inside`), found, family);
    });
  };
}
