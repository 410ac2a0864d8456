import { isIPv6 } from "node:net";

/**
 * What calls of one party have in common: the address, or of a global one of IPv6 the network of 64 bits, since nobody has fewer. Inside (fc00::/7,
 * fe80::/10) such a network is a whole office or data centre: there it is the address.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const behind = tail === undefined ? [] : tail.split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => "0");
  const all = [...groups, ...zeros, ...behind];
  return isInside(all[0] ?? "") ? address : all.slice(0, 4).join(":");
}

/** @param first the first 16 bits, in hex */
function isInside(first: string): boolean {
  const bits = Number.parseInt(first, 16);
  return (bits & 0xfe_00) === 0xfc_00 || (bits & 0xff_c0) === 0xfe_80;
}
